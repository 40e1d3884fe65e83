package dev.lariat;

import dev.lariat.internal.Failures;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A deadline for a block of code: when it passes, the task is cancelled, and where it leaves the
 * block that becomes a {@link TimeoutException}. Models {@code asyncio.Timeout}; made by {@link
 * Asyncio#timeout} and {@link Asyncio#timeoutAt}.
 *
 * <p>Only its own cancellation is converted: one that came from elsewhere goes through.
 *
 * <p><i>Thread</i>: the loop's.
 */
public final class Timeout {
  private enum State {
    CREATED("created"),
    ACTIVE("active"),
    EXPIRING("expiring"),
    EXPIRED("expired"),
    FINISHED("finished");

    final String text;

    State(String text) {
      this.text = text;
    }
  }

  private State state = State.CREATED;
  private @Nullable Duration when;
  private @Nullable Handle alarm;
  private @Nullable Task<?> task;
  private int requestsBefore;

  /**
   * Makes a timeout; {@link #run} enters it.
   *
   * @param when the deadline in the loop's time, or null for none
   */
  public Timeout(@Nullable Duration when) {
    this.when = when;
  }

  /** {@return the deadline in the loop's time, or null} */
  public @Nullable Duration when() {
    return when;
  }

  /** {@return whether the deadline passed while the block ran} */
  public boolean expired() {
    return state == State.EXPIRING || state == State.EXPIRED;
  }

  /**
   * Moves the deadline. Models {@code Timeout.reschedule}.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param newWhen the new deadline in the loop's time, or null for none
   * @throws IllegalStateException if the block is not running, or the deadline has passed
   */
  public void reschedule(@Nullable Duration newWhen) {
    if (state == State.CREATED) {
      throw new IllegalStateException("Timeout has not been entered");
    }
    if (state != State.ACTIVE) {
      throw new IllegalStateException("Cannot change state of " + state.text + " Timeout");
    }
    when = newWhen;
    stopAlarm();
    if (newWhen != null) {
      EventLoop loop = EventLoop.requireRunning();
      alarm =
          newWhen.compareTo(loop.time()) <= 0
              ? loop.callSoon(this::expire)
              : loop.callAt(newWhen, this::expire);
    }
  }

  private void stopAlarm() {
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
  }

  private void expire() {
    state = State.EXPIRING;
    alarm = null;
    if (task != null) {
      task.cancel();
    }
  }

  /**
   * Runs {@code body} under this deadline, in the current task. Models {@code async with}.
   *
   * <p><i>Suspends</i>: if the body does. <i>Cancellable</i>: as the body is.
   *
   * @param <T> the type of the value
   * @param <E> what the body throws
   * @param body what to run
   * @return the value of {@code body}
   * @throws E what the body throws
   * @throws TimeoutException if the deadline passed and the body let itself be cancelled
   * @throws IllegalStateException on a second run, or outside a task
   */
  public <T extends @Nullable Object, E extends Exception> T run(
      ScopedBlock<? super Timeout, T, E> body) throws E {
    enter();
    T value;
    try {
      value = body.run(this);
    } catch (Throwable error) {
      throw Failures.<RuntimeException>sneak(exit(error));
    }
    exit(null);
    return value;
  }

  private void enter() {
    if (state != State.CREATED) {
      throw new IllegalStateException("Timeout has already been entered");
    }
    task = EventLoop.requireCurrentTask();
    state = State.ACTIVE;
    requestsBefore = task.cancelling();
    reschedule(when);
  }

  /** Leaves the block; returns what is to be thrown in place of {@code error}. */
  private Throwable exit(@Nullable Throwable error) {
    stopAlarm();
    Task<?> mine = java.util.Objects.requireNonNull(task);
    if (state == State.ACTIVE) {
      state = State.FINISHED;
    } else {
      state = State.EXPIRED;
      if (mine.uncancel() <= requestsBefore && error != null) {
        if (error instanceof CancelledError) {
          return new TimeoutException(error);
        }
        noteExpiry(error);
      }
    }
    return error == null ? new AssertionError("nobody looks at this") : error;
  }

  /** Another exception wins; it says that the deadline had passed as well. */
  private static void noteExpiry(Throwable error) {
    error.addSuppressed(new TimeoutException());
    if (error instanceof ExceptionGroup group) {
      for (Throwable member : group.exceptions()) {
        member.addSuppressed(new TimeoutException());
      }
    }
  }

  @Override
  public String toString() {
    return "Timeout[" + state.text + "]" + (state == State.ACTIVE ? " when=" + when : "");
  }
}
