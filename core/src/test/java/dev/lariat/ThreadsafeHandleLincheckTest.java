package dev.lariat;

import dev.lariat.internal.context.ContextCell;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The loop runs a handle, once, while other threads cancel it and look at it. */
@DisplayName("A handle of callSoonThreadsafe may be cancelled by any thread (LOOP-11)")
public class ThreadsafeHandleLincheckTest {
  private volatile int started;
  private volatile int finished;
  private boolean offered;

  private final ThreadsafeHandle handle =
      new ThreadsafeHandle(
          () -> {
            started = 1;
            finished = 1;
          },
          new ContextCell());

  /** Returns what the callback had done when cancel came back: all or nothing, for good. */
  @Operation
  public String cancel() {
    handle.cancel();
    return started == finished ? "ran " + finished : "half";
  }

  @Operation
  public boolean cancelled() {
    return handle.cancelled();
  }

  @Operation(nonParallelGroup = "loop")
  public int run() {
    if (!offered) { // the loop pops a handle once
      offered = true;
      handle.run();
    }
    return finished;
  }

  /** What the operations mean, one at a time. */
  public static final class Sequential {
    private boolean cancelled;
    private boolean offered;
    private int finished;

    public String cancel() {
      cancelled = true;
      return "ran " + finished;
    }

    public boolean cancelled() {
      return cancelled;
    }

    public int run() {
      if (!offered && !cancelled) {
        finished = 1;
      }
      offered = true;
      return finished;
    }
  }

  @Test
  @DisplayName("model checking: after cancel() the callback has run whole, or never will")
  void modelChecking() {
    new ModelCheckingOptions()
        .sequentialSpecification(Sequential.class)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .iterations(20)
        .invocationsPerIteration(300)
        .check(ThreadsafeHandleLincheckTest.class);
  }
}
