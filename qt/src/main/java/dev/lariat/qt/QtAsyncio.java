package dev.lariat.qt;

import dev.lariat.Action;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.host.HostApplication;
import org.jspecify.annotations.Nullable;

/**
 * Lariat on Qt: tasks on Qt's main thread, which touch widgets and await. Models {@code
 * PySide6.QtAsyncio}.
 *
 * <pre>{@code
 * QApplication.initialize(args);
 * QPushButton button = new QPushButton("Load");
 * button.clicked.connect(QtSignals.asyncSlot(() -> {
 *   button.setText(fetch(url));      // suspends; the window goes on
 * }));
 * button.show();
 * QtAsyncio.run();
 * }</pre>
 *
 * <p>It needs Qt's core library, and no binding: a console program is run on a {@code
 * QCoreApplication}, which is made if there is no application object. Signals, slots and windows of
 * QtJambi are in {@link QtSignals}.
 *
 * <p>When Qt quits (its last window is closed, or somebody calls {@code QCoreApplication.quit()}),
 * asyncio finishes: tasks are cancelled or waited for, as the options say, while Qt goes on.
 *
 * <p><i>Thread</i>: the one that made the application object, or will make it.
 */
@SuppressWarnings("overloads") // with and without a value: a block of code tells which is meant
public final class QtAsyncio {
  private QtAsyncio() {}

  // -- running an application --------------------------------------------------------------------

  /**
   * Runs asyncio and Qt plainly, until Qt quits: for a program that starts its tasks later, from a
   * button say. Models {@code QtAsyncio.run()}.
   *
   * @throws IllegalStateException if a loop is running in this thread, or there is no Qt; the
   *     message says what to install
   */
  public static void run() {
    run(QtOptions.DEFAULT);
  }

  /**
   * Runs asyncio and Qt plainly, as {@link #run()} does.
   *
   * @param options how they begin and end
   * @throws IllegalArgumentException if {@link QtOptions#keepRunning} is false
   */
  public static void run(QtOptions options) {
    if (!options.keepRunning()) {
      throw new IllegalArgumentException(
          "Without a coroutine there is nothing whose end could be the end of the run:"
              + " give one to run(options, main), or let it keep running.");
    }
    run(options, () -> {});
  }

  /**
   * Runs a coroutine, and goes on until Qt quits. Models {@code QtAsyncio.run(coroutine)}.
   *
   * @param <T> the type of the value
   * @param main the main coroutine
   * @return its value; null if Qt quit before it had one
   * @see #run(QtOptions, Coroutine)
   */
  public static <T extends @Nullable Object> @Nullable T run(Coroutine<T> main) {
    return run(QtOptions.DEFAULT, main);
  }

  /**
   * Runs a coroutine, as {@link #run(Coroutine)} does.
   *
   * @param main the main coroutine
   */
  public static void run(Action main) {
    run(QtOptions.DEFAULT, main.toCoroutine());
  }

  /**
   * Runs a coroutine on a new loop, which is a guest on Qt's; Qt's main loop is run too, inside the
   * one that runs already, if there is one. Models {@code QtAsyncio.run}: with {@code
   * keepRunning(false)} it is what {@code asyncio.run} is.
   *
   * <p>If the main coroutine fails, that ends the run, and is thrown.
   *
   * <p>With {@link QtOptions#quitQapp} the application object is gone afterwards, with what belongs
   * to it, as all windows do. Where Qt's main loop runs already it is told to quit instead. An
   * object of another binding than QtJambi is that binding's to delete.
   *
   * @param <T> the type of the value
   * @param options how it begins and ends
   * @param main the main coroutine
   * @return its value; null if Qt quit before it had one
   * @throws IllegalStateException if a loop is running in this thread, if the application object is
   *     another thread's, or if there is no Qt
   * @throws dev.lariat.KeyboardInterrupt if Ctrl-C ended the run
   * @throws java.util.concurrent.CompletionException around a checked exception that {@code main}
   *     failed with
   */
  public static <T extends @Nullable Object> @Nullable T run(QtOptions options, Coroutine<T> main) {
    QtHost host = new QtHost(Qt.find(), options);
    try {
      return HostApplication.run(host, options.forApplication(), main);
    } finally {
      host.finish();
    }
  }

  /**
   * Runs a coroutine, as {@link #run(QtOptions, Coroutine)} does.
   *
   * @param options how it begins and ends
   * @param main the main coroutine
   */
  public static void run(QtOptions options, Action main) {
    run(options, main.toCoroutine());
  }

  // -- on a main loop that somebody else runs ----------------------------------------------------

  /**
   * Makes a loop that lives on Qt's main loop, which somebody else runs: {@code
   * QApplication.exec()}, say. From now on, any slot may make tasks.
   *
   * <p><i>Suspends</i>: never.
   *
   * @return the loop. It runs until it is stopped, and is closed when Qt quits
   * @throws IllegalStateException if a loop is running in this thread, if the application object is
   *     another thread's, or if there is no Qt
   */
  public static EventLoop attach() {
    QtHost host = new QtHost();
    EventLoop loop = new EventLoop(host);
    loop.attach();
    host.onQuit(loop::close);
    return loop;
  }

  /**
   * Begins an application on Qt's main loop, which somebody else runs, or will run. When that ends,
   * it goes on, nested, until all tasks have ended as the options say.
   *
   * <p><i>Suspends</i>: never.
   *
   * @param options how the application lives and ends; with {@link QtOptions#quitQapp} its end has
   *     Qt's main loop quit
   * @param main the main coroutine; its failure goes to the loop's exception handler
   * @return the application
   * @throws IllegalStateException as {@link #attach()} does
   */
  public static HostApplication attach(QtOptions options, Coroutine<?> main) {
    QtHost host = new QtHost(Qt.find(), options);
    HostApplication application =
        HostApplication.attach(host, options.forApplication(), main, host::finish);
    host.onQuit(application::close);
    return application;
  }

  /**
   * Begins an application, as {@link #attach(QtOptions, Coroutine)} does.
   *
   * @param options how the application lives and ends
   * @param main the main coroutine
   * @return the application
   */
  public static HostApplication attach(QtOptions options, Action main) {
    return attach(options, main.toCoroutine());
  }
}
