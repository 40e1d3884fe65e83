package dev.lariat.benchmarks.net;

import dev.lariat.cli.bench.Benchmark;
import dev.lariat.cli.bench.Rounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How many messages echo, in a second and in a second of the server's processor time: a task for
 * each connection beside Netty's callbacks on the same transport, and beside a virtual thread for
 * each connection. Each server is a process, and so is the load; the servers have one processor,
 * and the load has another.
 */
public final class EchoBenchmark implements Benchmark {
  private static final int WARM_UP = 8;
  private static final int COUNTED = 9;
  private static final int MILLISECONDS = 400;

  /** Found by the service loader. */
  public EchoBenchmark() {}

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String description() {
    return "messages of 64 and 16,384 bytes echoed per second, and per CPU second, on 1, 100 and"
        + " 1,000 connections; peers: raw Netty, a virtual thread for each connection";
  }

  @Override
  public Iterable<Map<String, Object>> measure() {
    return () ->
        IntStream.of(64, 16 * 1024)
            .boxed()
            .flatMap(bytes -> IntStream.of(1, 100, 1000).mapToObj(count -> measure(count, bytes)))
            .iterator();
  }

  private static Map<String, Object> measure(int connections, int bytes) {
    List<Peer> peers = new ArrayList<>();
    try (PinnedJvm load = new PinnedJvm(1, EchoLoad.class)) {
      for (String name : EchoServers.SERVERS.keySet()) {
        peers.add(new Peer(name, load, connections, bytes));
      }
      for (int round = 0; round < WARM_UP; round++) {
        peers.forEach(Peer::run);
      }
      for (int round = 0; round < COUNTED; round++) {
        for (Peer peer : peers) {
          peer.run();
          peer.perSecond[round] = peer.messages / (MILLISECONDS / 1e3);
          peer.perCpuSecond[round] = peer.allMessages / (peer.cpuTime / 1e9);
        }
      }
      return figures(connections, bytes, peers);
    } finally {
      peers.forEach(Peer::close);
    }
  }

  private static Map<String, Object> figures(int connections, int bytes, List<Peer> peers) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("connections", connections);
    figures.put("bytes", bytes);
    figures.put("separate_processors", PinnedJvm.POSSIBLE);
    for (Peer peer : peers) {
      figures.put(peer.name + "_per_second", Math.round(Rounds.median(peer.perSecond)));
      figures.put(peer.name + "_per_cpu_second", Math.round(Rounds.median(peer.perCpuSecond)));
    }
    Peer lariat = peers.getFirst();
    for (Peer peer : peers.subList(1, peers.size())) {
      figures.put("to_" + peer.name, ratio(lariat.perSecond, peer.perSecond));
      figures.put("cpu_to_" + peer.name, ratio(lariat.perCpuSecond, peer.perCpuSecond));
    }
    return figures;
  }

  private static double ratio(double[] ours, double[] theirs) {
    return Rounds.round(
        Rounds.median(IntStream.range(0, COUNTED).mapToDouble(i -> ours[i] / theirs[i]).toArray()));
  }

  /** A server, its clients in the load, and what was measured. */
  private static final class Peer implements AutoCloseable {
    final String name;
    final double[] perSecond = new double[COUNTED];
    final double[] perCpuSecond = new double[COUNTED];
    private final PinnedJvm server;
    private final PinnedJvm load;
    private final String clients;
    private long messages;
    private long allMessages;
    private long cpuTime;

    Peer(String name, PinnedJvm load, int connections, int bytes) {
      this.name = name;
      this.load = load;
      server = new PinnedJvm(0, EchoServers.class, name);
      String port = server.answer();
      // The frames at the bottom of a task's stack stay as the JIT had them when it began: those
      // of a server's first few thousand tasks are not what its later ones are.
      load.ask("visit " + port + " " + bytes);
      clients = load.ask("open " + port + " " + connections + " " + bytes);
    }

    void run() {
      long before = cpuTime();
      String[] counts = load.ask("run " + clients + " " + MILLISECONDS).split(" ");
      messages = Long.parseLong(counts[0]);
      allMessages = Long.parseLong(counts[1]);
      cpuTime = cpuTime() - before;
    }

    private long cpuTime() {
      return Long.parseLong(server.ask("time"));
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
