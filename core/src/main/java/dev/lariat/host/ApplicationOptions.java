package dev.lariat.host;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link HostApplication} lives and ends.
 *
 * @param keepRunning whether it goes on when its main coroutine has returned, until its last window
 *     is closed or it is told to quit
 * @param handleSigint whether Ctrl-C ends it in good order; a second one ends the process
 * @param lastWindow what becomes of the tasks when the last window is closed
 * @param grace how long tasks that were cancelled may take to end; then they are unwound
 * @param debug whether the loop is in debug mode; null leaves it as the loop is made
 */
public record ApplicationOptions(
    boolean keepRunning,
    boolean handleSigint,
    LastWindow lastWindow,
    Duration grace,
    @Nullable Boolean debug) {

  /** It keeps running, leaves Ctrl-C alone, and cancels what is left, with 5 s of grace. */
  public static final ApplicationOptions DEFAULT =
      new ApplicationOptions(true, false, LastWindow.CANCEL, Duration.ofSeconds(5), null);

  /** Checks the values. */
  public ApplicationOptions {
    Objects.requireNonNull(lastWindow, "lastWindow");
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative: " + grace);
    }
  }

  /**
   * These options with another {@link #keepRunning}.
   *
   * @param value the value
   * @return the options
   */
  public ApplicationOptions withKeepRunning(boolean value) {
    return new ApplicationOptions(value, handleSigint, lastWindow, grace, debug);
  }

  /**
   * These options with another {@link #handleSigint}.
   *
   * @param value the value
   * @return the options
   */
  public ApplicationOptions withHandleSigint(boolean value) {
    return new ApplicationOptions(keepRunning, value, lastWindow, grace, debug);
  }

  /**
   * These options with another {@link #lastWindow}.
   *
   * @param value the value
   * @return the options
   */
  public ApplicationOptions withLastWindow(LastWindow value) {
    return new ApplicationOptions(keepRunning, handleSigint, value, grace, debug);
  }

  /**
   * These options with another {@link #grace}.
   *
   * @param value the value
   * @return the options
   */
  public ApplicationOptions withGrace(Duration value) {
    return new ApplicationOptions(keepRunning, handleSigint, lastWindow, value, debug);
  }

  /**
   * These options with another {@link #debug}.
   *
   * @param value the value
   * @return the options
   */
  public ApplicationOptions withDebug(@Nullable Boolean value) {
    return new ApplicationOptions(keepRunning, handleSigint, lastWindow, grace, value);
  }
}
