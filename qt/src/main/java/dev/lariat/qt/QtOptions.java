package dev.lariat.qt;

import dev.lariat.host.ApplicationOptions;
import dev.lariat.host.LastWindow;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How {@link QtAsyncio#run(QtOptions, dev.lariat.Coroutine)} begins and ends. The first four are
 * the arguments of {@code PySide6.QtAsyncio.run}, and independent of each other.
 *
 * @param keepRunning whether asyncio goes on when the main coroutine has returned, until Qt quits
 * @param quitQapp whether the application object is shut down when asyncio has finished: it tells
 *     that it is about to quit, and is deleted. Otherwise it stays, and does not tell
 * @param handleSigint whether Ctrl-C ends all in good order; a second one ends the process
 * @param debug whether the loop is in debug mode; null leaves it as the loop is made
 * @param lastWindow what becomes of the tasks when the last window is closed
 * @param grace how long tasks that were cancelled may take to end; then they are unwound
 */
public record QtOptions(
    boolean keepRunning,
    boolean quitQapp,
    boolean handleSigint,
    @Nullable Boolean debug,
    LastWindow lastWindow,
    Duration grace) {

  /** The defaults of {@code PySide6.QtAsyncio.run}; tasks are cancelled, with 5 s of grace. */
  public static final QtOptions DEFAULT =
      new QtOptions(
          true,
          true,
          false,
          null,
          ApplicationOptions.DEFAULT.lastWindow(),
          ApplicationOptions.DEFAULT.grace());

  /** Checks the values. */
  public QtOptions {
    Objects.requireNonNull(lastWindow, "lastWindow");
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative: " + grace);
    }
  }

  ApplicationOptions forApplication() {
    return new ApplicationOptions(keepRunning, handleSigint, lastWindow, grace, debug);
  }

  /**
   * These options with another {@link #keepRunning}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withKeepRunning(boolean value) {
    return new QtOptions(value, quitQapp, handleSigint, debug, lastWindow, grace);
  }

  /**
   * These options with another {@link #quitQapp}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withQuitQapp(boolean value) {
    return new QtOptions(keepRunning, value, handleSigint, debug, lastWindow, grace);
  }

  /**
   * These options with another {@link #handleSigint}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withHandleSigint(boolean value) {
    return new QtOptions(keepRunning, quitQapp, value, debug, lastWindow, grace);
  }

  /**
   * These options with another {@link #debug}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withDebug(@Nullable Boolean value) {
    return new QtOptions(keepRunning, quitQapp, handleSigint, value, lastWindow, grace);
  }

  /**
   * These options with another {@link #lastWindow}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withLastWindow(LastWindow value) {
    return new QtOptions(keepRunning, quitQapp, handleSigint, debug, value, grace);
  }

  /**
   * These options with another {@link #grace}.
   *
   * @param value the value
   * @return the options
   */
  public QtOptions withGrace(Duration value) {
    return new QtOptions(keepRunning, quitQapp, handleSigint, debug, lastWindow, value);
  }
}
