package dev.lariat.acceptance.runner;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.Runner;
import dev.lariat.Task;
import java.time.Duration;
import sun.misc.Signal;

/** The programs that {@link CtrlCTest} starts, and sends Ctrl-C to when they say "ready". */
final class CtrlCPrograms {
  private static final Duration LONG = Duration.ofMinutes(5);

  private CtrlCPrograms() {}

  public static void main(String[] args) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say("shutdown hook")));
    switch (args[0]) {
      case "waiting" -> waiting();
      case "spinning" -> spinning();
      case "uncaught" -> Asyncio.run(() -> sleepUntilCancelled());
      case "swallowed" -> swallowed();
      case "failing" -> failing();
      case "cancelled" -> cancelledToo();
      case "stubborn" -> stubborn();
      case "blocked" -> blocked();
      case "afterwards" -> afterwards();
      case "twice" -> twice();
      case "other-thread" -> otherThread();
      case "own-handler" -> ownHandler();
      case "plain" -> say(Asyncio.run(() -> sleep(Duration.ZERO, "value")));
      default -> throw new IllegalArgumentException(args[0]);
    }
    say("end");
  }

  private static void say(Object what) {
    System.out.println(what);
    System.out.flush();
  }

  /** Runs {@code main}, and tells how it ended. */
  private static void run(Action main) {
    try {
      Asyncio.run(main);
      say("returned");
    } catch (KeyboardInterrupt e) {
      say("KeyboardInterrupt" + (Thread.interrupted() ? ", thread interrupted" : ""));
    } catch (CancelledError e) {
      say("CancelledError");
    } catch (Exception e) {
      say(e);
    }
  }

  private static void sleepUntilCancelled() {
    try {
      say("ready");
      sleep(LONG);
    } finally {
      say("finally");
    }
  }

  /** The loop is idle; another task hangs as well. */
  private static void waiting() {
    run(() -> {
      createTask(() -> {
        try {
          sleep(LONG);
        } finally {
          say("other finally");
        }
      });
      sleep(Duration.ZERO);
      sleepUntilCancelled();
    });
  }

  /** The loop is never idle. */
  private static void spinning() {
    run(() -> {
      try {
        say("ready");
        while (true) {
          sleep(Duration.ZERO);
        }
      } finally {
        say("finally");
      }
    });
  }

  private static void swallowed() {
    run(() -> {
      try {
        sleepUntilCancelled();
      } catch (CancelledError swallowed) {
        say("cancelling " + currentTask().cancelling());
      }
      sleep(Duration.ofMillis(1));
    });
  }

  private static void failing() {
    run(() -> {
      try {
        sleepUntilCancelled();
      } catch (CancelledError cancelled) {
        throw new IllegalStateException("other exception");
      }
    });
  }

  /** The task is cancelled from within and by Ctrl-C: that is not Ctrl-C's doing alone. */
  private static void cancelledToo() {
    run(() -> {
      Task<?> self = currentTask();
      self.cancel("from within");
      say("ready");
      while (self.cancelling() < 2) {
        try {
          sleep(Duration.ZERO);
        } catch (CancelledError notYet) {
          say("cancelled");
        }
      }
      throw new CancelledError();
    });
  }

  /** Swallows the first Ctrl-C; the second must end it all the same. */
  private static void stubborn() {
    run(() -> {
      try {
        sleepUntilCancelled();
      } catch (CancelledError swallowed) {
        say("again");
      }
      sleepUntilCancelled();
    });
  }

  /** Blocks the loop's thread, so that nothing that is posted to the loop helps. */
  private static void blocked() {
    run(() -> {
      say("ready");
      while (true) {
        try {
          Thread.sleep(LONG);
        } catch (InterruptedException e) {
          say("interrupted");
        }
      }
    });
  }

  /** Ctrl-C after the run has its usual effect again. */
  private static void afterwards() throws InterruptedException {
    run(() -> sleep(Duration.ZERO));
    say("ready");
    Thread.sleep(LONG);
  }

  /** Each run of one runner handles its own Ctrl-C. */
  private static void twice() {
    try (var runner = new Runner()) {
      for (int i = 0; i < 2; i++) {
        try {
          runner.run(CtrlCPrograms::sleepUntilCancelled);
        } catch (KeyboardInterrupt e) {
          say("KeyboardInterrupt");
        }
      }
      runner.run(() -> say("third run"));
    }
  }

  private static void otherThread() throws InterruptedException {
    Thread thread = Thread.ofPlatform().start(() -> run(CtrlCPrograms::sleepUntilCancelled));
    thread.join();
  }

  /** A program that handles the signal itself keeps doing so. */
  private static void ownHandler() {
    Signal.handle(
        new Signal("INT"),
        signal -> {
          say("own handler");
          STOP.run();
        });
    run(() -> {
      var loop = getRunningLoop();
      var stop = loop.<Void>createFuture();
      STOP = () -> loop.callSoonThreadsafe(() -> stop.setResult(null));
      say("ready");
      stop.await();
    });
  }

  private static volatile Runnable STOP = () -> {};
}
