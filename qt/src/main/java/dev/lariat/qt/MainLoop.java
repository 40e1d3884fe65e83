package dev.lariat.qt;

import org.jspecify.annotations.Nullable;

/**
 * Runs Qt's main loop for a host.
 *
 * <p>That is QCoreApplication::exec, without which Qt's quit() does nothing and the last window is
 * not noticed. But exit() ends it together with all nested ones, modal dialogs too. So a QEventLoop
 * runs inside it, which ends alone, after those inside. Turns wait until that runs: or a dialog
 * that a task opens would get in between.
 */
final class MainLoop {
  private final Qt qt;
  private final Qt.Receiver receiver;
  private final boolean outlivesQt;
  private final boolean quiet;

  /** The innermost run. */
  private @Nullable Run current;

  /** A run has asked for its main loop, and is not in it yet. */
  private boolean entering;

  /** A turn has been asked for meanwhile. */
  private boolean turnWaits;

  /**
   * Makes one.
   *
   * @param outlivesQt whether a run goes on when Qt quits, until it is told to
   * @param quiet whether Qt is not to tell, at the end of a run, that it is about to quit
   */
  MainLoop(Qt qt, Qt.Receiver receiver, boolean outlivesQt, boolean quiet) {
    this.qt = qt;
    this.receiver = receiver;
    this.outlivesQt = outlivesQt;
    this.quiet = quiet;
  }

  /** {@return whether a turn may be taken; otherwise there will be another wake-up} */
  boolean mayTurn() {
    turnWaits = entering;
    return !entering;
  }

  /**
   * Runs until {@link #quit}, or until Qt quits.
   *
   * @param nested whether Qt is quitting now; until {@link #quit} then
   */
  void run(boolean nested) {
    Run outer = current;
    Run run = new Run();
    current = run;
    try {
      if (nested || qt.loopLevel() > 0) {
        run.nest(nested);
      } else {
        run.exec();
      }
    } finally {
      current = outer;
    }
  }

  /** Ends the innermost run. */
  void quit() {
    if (current != null) {
      current.quit();
    }
  }

  /** {@return whether the innermost run has been told to quit} */
  boolean isQuitting() {
    return current != null && current.quit;
  }

  private final class Run {
    private boolean quit;
    private Qt.@Nullable NestedLoop loop;

    void exec() {
      entering = true;
      receiver.onExec(this::enter);
      qt.exec();
      entering = false;
      qt.blockSignals(false);
      if (!quit && outlivesQt) {
        nest(true);
      }
    }

    private void enter() {
      if (!entering) {
        return; // too late: its main loop has been told to exit
      }
      entering = false;
      if (turnWaits) {
        turnWaits = false;
        receiver.wake();
      }
      nest(false);
      if (quit) {
        qt.blockSignals(quiet);
        qt.exit();
      }
    }

    /** Runs a nested main loop; to our own end, if Qt's is not to be it. */
    void nest(boolean toTheEnd) {
      try (Qt.NestedLoop nested = qt.newLoop()) {
        loop = nested;
        nested.exec();
        while (toTheEnd && !quit) {
          nested.handleEvents();
        }
      } finally {
        loop = null;
      }
    }

    void quit() {
      quit = true;
      if (loop != null) {
        loop.exit();
      }
    }
  }
}
