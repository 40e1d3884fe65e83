package dev.lariat.examples.cluster;

import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.taskGroup;

import dev.lariat.process.Process;
import java.io.IOException;
import java.util.List;

/**
 * Counts primes in 1,000 pieces on three members that it starts itself, and kills one of them half
 * way. Nothing is lost by that; and Ctrl-C ends them all.
 */
final class Primes {
  private static final int PIECES = 1000;

  private final long limit;
  private long primes;
  private int done;

  private Primes(long limit) {
    this.limit = limit;
  }

  /** The argument is the number to count up to; a billion by default. */
  static void main(String[] args) {
    String typed = args.length > 0 ? args[0] : "1000000000";
    if (args.length > 1 || !typed.matches("\\d{1,12}")) {
      System.err.println("arguments: [LIMIT], the number to count up to");
      System.exit(2);
    }
    long limit = Long.parseLong(typed);
    run(() -> new Primes(limit).program());
  }

  private void program() throws IOException {
    IO.println("Three members are starting.");
    try (Members members = new Members()) {
      List<Process> processes = members.start(3);
      Cluster cluster = new Cluster(members.hazelcast(), 12);
      count(cluster, processes.getFirst());
      IO.println(cluster.retries() + " pieces were done again elsewhere.");
    }
    IO.println("There are %,d primes below %,d.".formatted(primes, limit));
  }

  private void count(Cluster cluster, Process victim) {
    taskGroup(group -> {
      for (int i = 0; i < PIECES; i++) {
        CountPrimes piece = new CountPrimes(start(i), start(i + 1));
        group.createTask(() -> {
          long found = cluster.call(piece);
          primes += found; // not primes += cluster.call(piece): that reads primes before it waits
          if (++done % 100 == 0) {
            IO.println("%,5d pieces, %,11d primes".formatted(done, primes));
          }
          if (done == PIECES / 2) {
            IO.println("A member is killed.");
            victim.kill();
          }
        });
      }
    });
  }

  private long start(int piece) {
    return Math.max(2, limit * piece / PIECES);
  }
}
