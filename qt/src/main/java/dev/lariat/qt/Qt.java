package dev.lariat.qt;

import dev.lariat.host.Watch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a host needs of Qt: from its core library ({@link NativeQt}), by way of QtJambi ({@link
 * JambiQt}), or from both ({@link HybridQt}).
 */
interface Qt {
  /**
   * {@return what there is}
   *
   * @throws IllegalStateException if there is nothing; the message says what to install
   */
  static Qt find() {
    JambiTemporaries.clean();
    JambiQt jambi = null;
    LinkageError noJambi = null;
    try {
      jambi = JambiQt.load();
    } catch (LinkageError error) {
      noJambi = error;
    }
    String problem = QtCore.problem(); // after QtJambi has loaded the library it wants
    if (problem == null) {
      return jambi == null ? new NativeQt() : new HybridQt(jambi);
    }
    if (jambi != null) {
      return jambi;
    }
    throw new IllegalStateException(
        "There is no Qt 6 here: "
            + problem
            + ", and there is no QtJambi. Install libqt6core6 (apt-get) or Qt 6, or say where its core"
            + " library is with -D"
            + QtCore.LIBRARY_PROPERTY
            + "=FILE.",
        noJambi);
  }

  /** {@return whether there is an application object} */
  boolean hasApplication();

  /** {@return whether this is the thread of the application object} */
  boolean onApplicationThread();

  /** Makes a QCoreApplication. */
  void newApplication();

  /** Deletes the application object, which no main loop runs of. */
  void deleteApplication();

  /** Runs the application's main loop. */
  void exec();

  /** Has {@link #exec} return. */
  void exit();

  /** Quits as the application would itself: windows are closed first, and may refuse. */
  void quit();

  /** Has the application object emit nothing, or again. */
  void blockSignals(boolean block);

  /** {@return how many main loops run on this thread, each but the first inside another} */
  int loopLevel();

  /** {@return a new nested main loop} */
  NestedLoop newLoop();

  /**
   * Makes an object of this thread.
   *
   * @param uncaught told what a callback threw
   */
  Receiver newReceiver(Consumer<Throwable> uncaught);

  /** A QEventLoop. */
  interface NestedLoop extends AutoCloseable {
    /** Runs it, unless all main loops of the thread are to end. */
    void exec();

    /** Waits for events and handles them, once; even if all main loops are to end. */
    void handleEvents();

    /** Ends it, once those inside it have ended. */
    void exit();

    @Override
    void close();
  }

  /** An object that Qt calls on the thread it was made on. Nothing is called after its close. */
  interface Receiver extends AutoCloseable {
    /** Sets what {@link #wake} has called. */
    void onWake(Runnable action);

    /** Sets what is called when a timer started by {@link #startTimer} is over. */
    void onTimeout(Runnable action);

    /** Sets what is called when the application's main loop has ended. */
    void onAboutToQuit(Runnable action);

    /** Has something called in the application's main loop, once. */
    void onExec(Runnable action);

    /** Has something called whenever a file descriptor can be read; null if that cannot be had. */
    @Nullable Watch onReadable(int descriptor, Runnable action);

    /** From any thread, also after the close. */
    void wake();

    /** Starts the timer, anew if it is running. */
    void startTimer(int millis);

    @Override
    void close();
  }
}
