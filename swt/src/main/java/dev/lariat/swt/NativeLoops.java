package dev.lariat.swt;

import org.eclipse.swt.widgets.Display;

/**
 * The main loops of GTK itself, those of native dialogs, in which SWT sleeps. They run asyncExecs
 * as SWT has told them to; but not in a second dialog, when an asyncExec of the first one has
 * opened it, nor in the first one when the second is closed. Nor one of another thread's, now and
 * then: SWT asks GTK to look for it before it is there to be found. So a timer lends a hand while
 * there are any.
 */
final class NativeLoops {
  private static final int HELP_MILLIS = 10;

  private final Display display;
  private final Runnable turnIfAsked;
  private final Runnable help = this::help;
  private int open;
  private boolean helping;

  NativeLoops(Display display, Runnable turnIfAsked) {
    this.display = display;
    this.turnIfAsked = turnIfAsked;
  }

  /**
   * One begins.
   *
   * @param nested something is under way beneath it; or else the main loop goes to sleep, of which
   *     SWT tells likewise, and wakes up for each asyncExec
   */
  void begins(boolean nested) {
    open++;
    if (nested && !helping) {
      helping = true;
      display.timerExec(HELP_MILLIS, help);
    }
  }

  /** Of one that may have begun before anybody listened. */
  void ends() {
    open = Math.max(0, open - 1);
  }

  private void help() {
    helping = open > 0;
    if (helping) {
      display.timerExec(HELP_MILLIS, help); // first, for the turn may open the next dialog
      turnIfAsked.run();
    }
  }

  void stopHelp() {
    display.timerExec(-1, help);
  }
}
