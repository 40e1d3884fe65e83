package dev.lariat.qt;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.event.EventSource;
import dev.lariat.event.Registration;
import dev.lariat.event.TaskHandler;
import dev.lariat.event.WhileRunning;
import io.qt.core.QMetaObject.AbstractPrivateSignal0;
import io.qt.core.QMetaObject.AbstractPrivateSignal1;
import io.qt.core.QMetaObject.AbstractPrivateSignal2;
import io.qt.core.QMetaObject.AbstractPrivateSignal3;
import io.qt.core.QMetaObject.AbstractSignal;
import io.qt.core.QMetaObject.Connection;
import io.qt.core.QMetaObject.Method2;
import io.qt.core.QMetaObject.Method3;
import io.qt.core.QMetaObject.Signal;
import io.qt.core.QMetaObject.Slot0;
import io.qt.core.QMetaObject.Slot1;
import io.qt.core.QMetaObject.Slot2;
import io.qt.core.QMetaObject.Slot3;
import io.qt.widgets.QDialog;
import io.qt.widgets.QWidget;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Signals of QtJambi awaited and iterated over, slots and close events as tasks.
 *
 * <pre>{@code
 * signal(button.clicked).next();                                        // waits for a click
 * for (String text : signal(box.textChanged).events(Backpressure.LATEST)) { ... }
 * button.clicked.connect(asyncSlot(() -> label.setText(fetch(url))));   // a task for each click
 * }</pre>
 *
 * <p>A task goes on when the call of its signal is over, never inside it: it may dispose of the
 * sender. The connection is undone when the wait is over, however it ends.
 *
 * <p><i>Thread</i>: Qt's main thread.
 */
@SuppressWarnings("overloads") // by the number of a signal's or a slot's arguments
public final class QtSignals {
  private QtSignals() {}

  // -- signals -----------------------------------------------------------------------------------

  /**
   * A signal without arguments.
   *
   * @param signal the signal
   * @return its emissions; each event is the signal
   */
  public static EventSource<Signal> signal(AbstractPrivateSignal0 signal) {
    return signal(signal, () -> signal);
  }

  /**
   * A signal without arguments, and something to ask for at each emission: {@code
   * signal(box.returnPressed, box::text)}.
   *
   * @param <R> the type of the events
   * @param signal the signal
   * @param value called at each emission, before the sender goes on
   * @return its emissions; each event is what {@code value} gave
   */
  public static <R> EventSource<R> signal(AbstractPrivateSignal0 signal, Supplier<R> value) {
    return listener ->
        connection(signal, signal.connect(guarded(() -> listener.accept(value.get()))));
  }

  /**
   * A signal with an argument.
   *
   * @param <A> the type of the argument
   * @param signal the signal
   * @return its emissions; each event is the argument
   */
  public static <A> EventSource<A> signal(AbstractPrivateSignal1<A> signal) {
    return signal(signal, Function.identity());
  }

  /**
   * A signal with an argument that is made into something else.
   *
   * @param <A> the type of the argument
   * @param <R> the type of the events
   * @param signal the signal
   * @param value called at each emission, before the sender goes on
   * @return its emissions; each event is what {@code value} gave
   */
  public static <A, R> EventSource<R> signal(
      AbstractPrivateSignal1<A> signal, Function<? super A, R> value) {
    return listener -> {
      Slot1<A> slot = a -> guarded(() -> listener.accept(value.apply(a))).invoke();
      return connection(signal, signal.connect(slot));
    };
  }

  /**
   * A signal with two arguments: {@code signal(table.cellClicked, Cell::new)}.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <R> the type of the events
   * @param signal the signal
   * @param value makes an event of the arguments, before the sender goes on
   * @return its emissions; each event is what {@code value} gave
   */
  public static <A, B, R> EventSource<R> signal(
      AbstractPrivateSignal2<A, B> signal, Method2<? super A, ? super B, R> value) {
    return listener -> {
      Slot2<A, B> slot = (a, b) -> guarded(() -> listener.accept(value.invoke(a, b))).invoke();
      return connection(signal, signal.connect(slot));
    };
  }

  /**
   * A signal with three arguments.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param <C> the type of the third argument
   * @param <R> the type of the events
   * @param signal the signal
   * @param value makes an event of the arguments, before the sender goes on
   * @return its emissions; each event is what {@code value} gave
   */
  public static <A, B, C, R> EventSource<R> signal(
      AbstractPrivateSignal3<A, B, C> signal, Method3<? super A, ? super B, ? super C, R> value) {
    return listener -> {
      Slot3<A, B, C> slot =
          (a, b, c) -> guarded(() -> listener.accept(value.invoke(a, b, c))).invoke();
      return connection(signal, signal.connect(slot));
    };
  }

  private static Registration connection(AbstractSignal signal, Connection connection) {
    return () -> {
      if (connection.isConnected()) { // or the sender is gone
        boolean _ = signal.disconnect(connection);
      }
    };
  }

  /** QtJambi drops what a slot throws, when it was a timer's single shot that led to it. */
  private static Slot0 guarded(Slot0 slot) {
    return () -> {
      try {
        slot.invoke();
      } catch (Throwable error) {
        report(error);
      }
    };
  }

  private static void report(Throwable error) {
    EventLoop loop;
    try {
      loop = Asyncio.getRunningLoop();
    } catch (IllegalStateException none) {
      QtHost.report(error);
      return;
    }
    loop.callExceptionHandler(
        new ExceptionContext("Exception in a slot", error, null, null, null, null));
  }

  // -- slots -------------------------------------------------------------------------------------

  /**
   * A slot that deals with each call in a task of its own. Models qasync's {@code asyncSlot}.
   *
   * <p>An exception goes to the loop's exception handler, at once; a cancellation is silent.
   *
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static Slot0 asyncSlot(Slot0 body) {
    return asyncSlot(WhileRunning.OVERLAP, body);
  }

  /**
   * A slot that deals with calls in tasks.
   *
   * @param policy what to do with a call while another is dealt with
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static Slot0 asyncSlot(WhileRunning policy, Slot0 body) {
    TaskHandler<Slot0> handler = handler(policy);
    return guarded(() -> handler.accept(body));
  }

  /**
   * A slot with an argument, as {@link #asyncSlot(Slot0)}.
   *
   * @param <A> the type of the argument
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static <A> Slot1<A> asyncSlot(Slot1<A> body) {
    return asyncSlot(WhileRunning.OVERLAP, body);
  }

  /**
   * A slot with an argument, as {@link #asyncSlot(WhileRunning, Slot0)}.
   *
   * @param <A> the type of the argument
   * @param policy what to do with a call while another is dealt with
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static <A> Slot1<A> asyncSlot(WhileRunning policy, Slot1<A> body) {
    TaskHandler<Slot0> handler = handler(policy);
    return a -> guarded(() -> handler.accept(() -> body.invoke(a))).invoke();
  }

  /**
   * A slot with two arguments, as {@link #asyncSlot(Slot0)}.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static <A, B> Slot2<A, B> asyncSlot(Slot2<A, B> body) {
    return asyncSlot(WhileRunning.OVERLAP, body);
  }

  /**
   * A slot with two arguments, as {@link #asyncSlot(WhileRunning, Slot0)}.
   *
   * @param <A> the type of the first argument
   * @param <B> the type of the second argument
   * @param policy what to do with a call while another is dealt with
   * @param body deals with a call, and may await
   * @return the slot, for {@code connect}
   */
  public static <A, B> Slot2<A, B> asyncSlot(WhileRunning policy, Slot2<A, B> body) {
    TaskHandler<Slot0> handler = handler(policy);
    return (a, b) -> guarded(() -> handler.accept(() -> body.invoke(a, b))).invoke();
  }

  private static TaskHandler<Slot0> handler(WhileRunning policy) {
    return TaskHandler.of(
        policy,
        call -> {
          try {
            call.invoke();
          } catch (Exception | Error error) {
            throw error;
          } catch (Throwable other) {
            throw new IllegalStateException(other);
          }
        });
  }

  // -- windows -----------------------------------------------------------------------------------

  /**
   * Shows a window, and keeps it while it is open. QtJambi deletes a window, even one on the
   * screen, when nothing in Java refers to it any more: one in a local variable of a task that has
   * ended, say.
   *
   * @param window the window
   */
  public static void show(QWidget window) {
    KeptWindow.keep(window);
    window.show();
  }

  /**
   * Waits for the next frame of the screen that a widget is on, by its refresh rate; by then what
   * the program has asked to be repainted of the widget is painted. One that is not visible only
   * waits. For animations:
   *
   * <pre>{@code
   * for (Duration start = awaitFrame(ball), now = start; ; now = awaitFrame(ball)) {
   *   ball.move(x(now.minus(start)), y);
   * }
   * }</pre>
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes.
   *
   * @param widget the widget
   * @return the time of the frame, in the time of the loop
   */
  public static Duration awaitFrame(QWidget widget) {
    return Frames.next(widget);
  }

  /**
   * Has a window close only when a task has tidied up: a close event starts the task, and the
   * window stays open until it ends. Models qasync's {@code asyncClose}.
   *
   * <p>A task that fails or is cancelled leaves the window open; the loop's exception handler is
   * told. Close events that come meanwhile are ignored.
   *
   * @param window the window
   * @param cleanup tidies up, and may await
   * @return what undoes this; so does the end of the window
   */
  public static Registration asyncClose(QWidget window, Action cleanup) {
    return asyncClose(
        window,
        () -> {
          cleanup.run();
          return true;
        });
  }

  /**
   * Has a task decide whether a window closes, as {@link #asyncClose(QWidget, Action)} does.
   *
   * @param window the window
   * @param mayClose decides; false leaves the window open. May await, an answer of the user say
   * @return what undoes this; so does the end of the window
   */
  public static Registration asyncClose(QWidget window, Coroutine<Boolean> mayClose) {
    return new AsyncClose(window, mayClose);
  }

  /**
   * Shows a dialog, and waits for its end, without a main loop inside the call: with several such
   * dialogs each task goes on when its own is closed, which {@code exec()} cannot.
   *
   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the dialog is rejected then.
   *
   * @param dialog the dialog; while it is open, its parent's window takes no input
   * @return the dialog's result, as {@code exec()} gives it
   */
  public static int openAndAwait(QDialog dialog) {
    EventSource<Integer> finished = signal(dialog.finished);
    dialog.open();
    try {
      return finished.next();
    } finally {
      if (!dialog.isDisposed() && dialog.isVisible()) {
        dialog.reject();
      }
    }
  }
}
