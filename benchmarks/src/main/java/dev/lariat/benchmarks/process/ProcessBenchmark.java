package dev.lariat.benchmarks.process;

import static dev.lariat.Asyncio.taskGroup;

import dev.lariat.Asyncio;
import dev.lariat.cli.bench.Benchmark;
import dev.lariat.cli.bench.Rounds;
import dev.lariat.process.Process;
import dev.lariat.process.Stdio;
import dev.lariat.process.Subprocess;
import dev.lariat.process.SubprocessOptions;
import dev.lariat.sync.Semaphore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/** Children started and waited for, and bytes through pipes; beside the JDK's blocking calls. */
public final class ProcessBenchmark implements Benchmark {
  private static final int CHILDREN = 100;
  private static final int AT_A_TIME = 8;
  private static final int MEBIBYTES = 64;
  private static final byte[] BLOCK = new byte[64 << 10];
  private static final SubprocessOptions NO_INPUT =
      SubprocessOptions.DEFAULT.withStdin(Stdio.DEVNULL);

  /** Found by the service loader. */
  public ProcessBenchmark() {}

  @Override
  public String name() {
    return "process";
  }

  @Override
  public String description() {
    return "a child run, a child's output read (eight at a time), a mebibyte through cat;"
        + " floor: java.lang.Process, a thread for each";
  }

  @Override
  public List<Map<String, Object>> measure() {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      return List.of(
          compare("run", () -> tasks(Run::child), () -> threads(threads, Run::plain)),
          compare("output", () -> tasks(Output::child), () -> threads(threads, Output::plain)),
          compare(
              "mebibyte",
              () -> Rounds.time(MEBIBYTES, () -> Asyncio.run(Cat::tasks)),
              () -> Rounds.time(MEBIBYTES, () -> Cat.threads(threads))));
    }
  }

  private static Map<String, Object> compare(
      String operation, DoubleSupplier ours, DoubleSupplier floor) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("operation", operation);
    figures.putAll(Rounds.compare(ours, floor));
    return figures;
  }

  // -- many children -----------------------------------------------------------------------------

  /** Something done with one child. */
  private interface WithChild {
    void run() throws Exception;
  }

  private static double tasks(WithChild work) {
    return Rounds.time(
        CHILDREN,
        () ->
            Asyncio.run(() -> {
              Semaphore free = new Semaphore(AT_A_TIME);
              taskGroup(group -> {
                for (int i = 0; i < CHILDREN; i++) {
                  group.createTask(() -> free.withPermit(work::run));
                }
              });
            }));
  }

  private static double threads(ExecutorService threads, WithChild work) {
    Callable<Void> call =
        () -> {
          work.run();
          return null;
        };
    return Rounds.time(
        CHILDREN,
        () -> {
          List<Future<Void>> running = new ArrayList<>();
          for (int i = 0; i < CHILDREN; i++) {
            running.add(threads.submit(call));
          }
          running.forEach(ProcessBenchmark::join);
        });
  }

  private static void join(Future<?> running) {
    try {
      running.get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void check(boolean right, String child) {
    if (!right) {
      throw new IllegalStateException(child + " did not do what it is to do");
    }
  }

  /** A child that does nothing. */
  private static final class Run {
    static void child() throws IOException {
      try (Process child = Subprocess.createSubprocessExec(NO_INPUT, "true")) {
        check(child.await() == 0, "true");
      }
    }

    static void plain() throws IOException, InterruptedException {
      java.lang.Process child = new ProcessBuilder("true").start();
      check(child.waitFor() == 0, "true");
    }
  }

  /** A child that says something. */
  private static final class Output {
    static void child() throws IOException {
      SubprocessOptions options = NO_INPUT.withStdout(Stdio.PIPE);
      try (Process child = Subprocess.createSubprocessExec(options, "echo", "hello")) {
        check(child.communicate().stdout().length == 6, "echo");
      }
    }

    static void plain() throws IOException, InterruptedException {
      java.lang.Process child = new ProcessBuilder("echo", "hello").start();
      check(child.getInputStream().readAllBytes().length == 6, "echo");
      check(child.waitFor() == 0, "echo");
    }
  }

  // -- many bytes --------------------------------------------------------------------------------

  /** Bytes to a child and back. */
  private static final class Cat {
    private static final long BYTES = (long) MEBIBYTES << 20;

    static void tasks() throws IOException {
      SubprocessOptions options =
          SubprocessOptions.DEFAULT.withStdin(Stdio.PIPE).withStdout(Stdio.PIPE);
      try (Process cat = Subprocess.createSubprocessExec(options, "cat")) {
        Asyncio.createTask(() -> {
          for (long left = BYTES; left > 0; left -= BLOCK.length) {
            cat.stdin().write(BLOCK);
          }
          cat.stdin().close();
        });
        byte[] block = new byte[BLOCK.length];
        long count = 0;
        for (int n = 0; n >= 0; n = cat.stdout().readInto(block, 0, block.length)) {
          count += n;
        }
        check(count == BYTES, "cat");
      }
    }

    static void threads(ExecutorService threads) {
      try {
        java.lang.Process cat = new ProcessBuilder("cat").start();
        Future<?> writing =
            threads.submit(() -> {
              try (OutputStream in = cat.getOutputStream()) {
                for (long left = BYTES; left > 0; left -= BLOCK.length) {
                  in.write(BLOCK);
                }
              }
              return null;
            });
        byte[] block = new byte[BLOCK.length];
        long count = 0;
        try (InputStream out = cat.getInputStream()) {
          for (int n = 0; n >= 0; n = out.read(block)) {
            count += n;
          }
        }
        join(writing);
        check(count == BYTES && cat.waitFor() == 0, "cat");
      } catch (IOException | InterruptedException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}
