package dev.lariat.benchmarks.net;

import dev.lariat.cli.bench.Benchmark;
import dev.lariat.cli.bench.Rounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many messages a second of processor time echoes: a task for each connection beside Netty's
 * callbacks on the same transport, and beside a virtual thread for each connection. The load comes
 * from another process, so that this one's processor time is the server's.
 */
public final class EchoBenchmark implements Benchmark {
  private static final int WARM_UP = 4;
  private static final int COUNTED = 7;
  private static final int MILLISECONDS = 400;

  /** Found by the service loader. */
  public EchoBenchmark() {}

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String description() {
    return "messages of 64 and 16,384 bytes echoed per CPU second, on 1, 100 and 1,000 connections;"
        + " peers: raw Netty, a virtual thread for each connection";
  }

  @Override
  public List<Map<String, Object>> measure() {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int bytes : new int[] {64, 16 * 1024}) {
      for (int connections : new int[] {1, 100, 1000}) {
        lines.add(measure(connections, bytes));
      }
    }
    return lines;
  }

  private static Map<String, Object> measure(int connections, int bytes) {
    try (Load load = new Load();
        EchoServers.Running lariat = EchoServers.lariat();
        EchoServers.Running netty = EchoServers.netty();
        EchoServers.Running virtualThreads = EchoServers.virtualThreads()) {
      List<EchoServers.Running> servers = List.of(lariat, netty, virtualThreads);
      open(load, servers, connections, bytes);
      for (int round = 0; round < WARM_UP; round++) {
        for (int i = 0; i < servers.size(); i++) {
          rate(load, i);
        }
      }
      open(load, servers, connections, bytes);
      double[][] rates = new double[servers.size()][COUNTED];
      for (int round = 0; round < COUNTED; round++) {
        for (int i = 0; i < rates.length; i++) {
          rates[i][round] = rate(load, servers.size() + i);
        }
      }
      return figures(connections, bytes, rates);
    }
  }

  /**
   * Once for the warm-up, and once more: the frames at the bottom of a task's stack stay as the JIT
   * had them when it began, and those of a server's first moments are interpreted for ever.
   */
  private static void open(
      Load load, List<EchoServers.Running> servers, int connections, int bytes) {
    for (EchoServers.Running server : servers) {
      load.ask("open " + server.port() + " " + connections + " " + bytes);
    }
  }

  /** Messages per second of this process's processor time. */
  private static double rate(Load load, int server) {
    long before = processTime();
    long messages = Long.parseLong(load.ask("run " + server + " " + MILLISECONDS));
    return messages / ((processTime() - before) / 1e9);
  }

  private static long processTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Map<String, Object> figures(int connections, int bytes, double[][] rates) {
    double[] toNetty = new double[COUNTED];
    double[] toThreads = new double[COUNTED];
    for (int i = 0; i < COUNTED; i++) {
      toNetty[i] = rates[0][i] / rates[1][i];
      toThreads[i] = rates[0][i] / rates[2][i];
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("connections", connections);
    figures.put("bytes", bytes);
    figures.put("per_cpu_second", Math.round(Rounds.median(rates[0])));
    figures.put("netty_per_cpu_second", Math.round(Rounds.median(rates[1])));
    figures.put("virtual_threads_per_cpu_second", Math.round(Rounds.median(rates[2])));
    figures.put("ratio_to_netty", Rounds.round(Rounds.median(toNetty)));
    figures.put("ratio_to_virtual_threads", Rounds.round(Rounds.median(toThreads)));
    return figures;
  }

  /** The process of {@link EchoLoad}. */
  private static final class Load implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final OutputStream commands;

    Load() {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              EchoLoad.class.getName());
      try {
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      } catch (IOException error) {
        throw new UncheckedIOException("cannot start the load's process", error);
      }
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      commands = process.getOutputStream();
    }

    String ask(String command) {
      try {
        commands.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
          throw new IllegalStateException("the load's process has ended");
        }
        return answer;
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
