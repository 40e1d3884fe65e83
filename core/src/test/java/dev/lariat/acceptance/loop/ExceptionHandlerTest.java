package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.ExceptionHandler;
import dev.lariat.Handle;
import dev.lariat.KeyboardInterrupt;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import dev.lariat.host.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-12 and LOOP-13. */
class ExceptionHandlerTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");
  private static final RuntimeException ERROR = new ArithmeticException("in callback");

  /** Fails, and has a name. */
  private static final class Failing implements Runnable {
    @Override
    public void run() {
      throw ERROR;
    }

    @Override
    public String toString() {
      return "failing callback";
    }
  }

  private static ExceptionContext context(String message, Throwable exception) {
    return new ExceptionContext(message, exception, null, null, null, null);
  }

  // -- LOOP-12 -----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-12 an exception in a callback goes to the handler, with its handle; the loop goes on")
  void callbackFails() {
    Handle handle = loop.callSoon(new Failing());
    loop.callSoon(trace.adds("next"));
    iterate();
    trace.assertEvents("next");
    ExceptionContext report = takeReport();
    assertThat(report.message()).startsWith("Exception in callback").contains("failing callback");
    assertThat(report.exception()).isSameAs(ERROR);
    assertThat(report.handle()).isSameAs(handle);
    assertThat(report.future()).isNull();
    assertThat(report.task()).isNull();
  }

  @Test
  @DisplayName("LOOP-12 the same for timers and callbacks from other threads")
  void otherHandlesFail() {
    Handle timer = loop.callLater(Duration.ZERO, new Failing());
    iterate();
    assertThat(takeReport().handle()).isSameAs(timer);
    inOtherThread(() -> loop.callSoonThreadsafe(new Failing()));
    iterate();
    ExceptionContext report = takeReport();
    assertThat(report.handle()).isNotNull();
    assertThat(report.message()).contains("failing callback");
  }

  @Test
  @DisplayName("LOOP-12 the same for a done callback; the other callbacks of the future run")
  void doneCallbackFails() {
    var future = loop.<Integer>createFuture();
    future.addDoneCallback(done -> trace.add("first"));
    future.addDoneCallback(done -> {
      throw ERROR;
    });
    future.addDoneCallback(done -> trace.add("third"));
    future.setResult(1);
    iterate();
    trace.assertEvents("first", "third");
    ExceptionContext report = takeReport();
    assertThat(report.message()).startsWith("Exception in callback");
    assertThat(report.exception()).isSameAs(ERROR);
  }

  @Test
  @DisplayName("LOOP-12 a checked exception that was sneaked out is reported as well")
  void checkedException() {
    loop.callSoon(() -> {
      sneak(new IOException("sneaked"));
    });
    iterate();
    assertThat(takeReport().exception()).isInstanceOf(IOException.class);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> void sneak(Exception error) throws E {
    throw (E) error;
  }

  // -- LOOP-13: the default ----------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-13 without a handler the error is logged, with the exception and the handle")
  void defaultLogs() {
    loop.setExceptionHandler(null);
    try (Logs logs = new Logs()) {
      Handle handle = loop.callSoon(new Failing());
      iterate();
      assertThat(logs.records()).hasSize(1);
      LogRecord record = logs.records().getFirst();
      assertThat(record.getLevel()).isEqualTo(Level.SEVERE);
      assertThat(record.getThrown()).isSameAs(ERROR);
      assertThat(record.getMessage())
          .startsWith("Exception in callback")
          .contains(handle.toString());
    }
  }

  @Test
  @DisplayName("LOOP-13 in debug mode the log tells where the callback was scheduled")
  void defaultLogsSource() {
    loop.setExceptionHandler(null);
    loop.setDebug(true);
    try (Logs logs = new Logs()) {
      loop.callSoon(new Failing());
      iterate();
      assertThat(logs.messages(Level.SEVERE))
          .singleElement()
          .asString()
          .contains("created at", getClass().getName() + ".defaultLogsSource");
    }
  }

  @Test
  @DisplayName("LOOP-13 the handler set is the handler got; null gives the default back")
  void setAndGet() {
    ExceptionHandler handler = (of, report) -> trace.add(of == loop);
    loop.setExceptionHandler(handler);
    assertThat(loop.getExceptionHandler()).isSameAs(handler);
    loop.callExceptionHandler(context("message", null));
    trace.assertEvents(true);
    loop.setExceptionHandler(null);
    assertThat(loop.getExceptionHandler()).isNull();
    try (Logs logs = new Logs()) {
      loop.callExceptionHandler(context("message", null));
      assertThat(logs.messages()).containsExactly("SEVERE message");
    }
    trace.assertEvents();
  }

  @Test
  @DisplayName(
      "LOOP-13 a handler may pass on to the default one, schedule, and set another handler")
  void handlerUsesLoop() {
    try (Logs logs = new Logs()) {
      loop.setExceptionHandler((of, report) -> {
        of.defaultExceptionHandler(report);
        of.callSoon(trace.adds("scheduled"));
        of.setExceptionHandler((of2, report2) -> trace.add("second handler"));
      });
      loop.callSoon(new Failing());
      loop.callSoon(new Failing());
      iterate();
      iterate();
      assertThat(logs.records()).hasSize(1);
    }
    trace.assertEvents("second handler", "scheduled");
  }

  @Test
  @DisplayName("LOOP-13 a null context is refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> loop.callExceptionHandler(null))
        .withMessageContaining("context");
  }

  // -- LOOP-13: the context it runs in -----------------------------------------------------------

  @Test
  @DisplayName("LOOP-13 the handler runs in the context of the handle that failed")
  void contextOfHandle() {
    loop.setExceptionHandler((of, report) -> trace.add(VAR.get()));
    loop.callSoon(() -> {
      VAR.set("callback's");
      throw ERROR;
    });
    iterate();
    trace.assertEvents("callback's");
    assertThat(VAR.get()).isEqualTo("default");
  }

  @Test
  @DisplayName("LOOP-13 the handler runs in the context of the done callback that failed")
  void contextOfDoneCallback() {
    loop.setExceptionHandler((of, report) -> trace.add(VAR.get()));
    Context given = new Context();
    given.run(() -> VAR.set("given"));
    var future = loop.<Integer>createFuture();
    future.addDoneCallback(
        done -> {
          throw ERROR;
        },
        given);
    future.setResult(1);
    iterate();
    trace.assertEvents("given");
  }

  @Test
  @DisplayName("LOOP-13 the handler runs in the context of the task that it is told of")
  void contextOfTask() {
    loop.setExceptionHandler((of, report) -> trace.add(VAR.get()));
    loop.createTask(() -> {
      VAR.set("task's");
      sleep(Duration.ofDays(1));
    });
    iterate();
    loop.close(); // reports the task, which is pending
    trace.assertEvents("task's");
  }

  @Test
  @DisplayName("LOOP-13 the handler runs in the context of a task whose exception nobody retrieved")
  void contextOfFailedTask() {
    loop.setExceptionHandler((of, report) -> trace.add(VAR.get()));
    loop.createTask(() -> {
      VAR.set("task's");
      throw ERROR;
    });
    iterate();
    loop.close(); // reports the failure, if the collector has not done so before
    trace.assertEvents("task's");
  }

  @Test
  @DisplayName("LOOP-13 what the handler sets stays in that context")
  void contextIsRestored() {
    Context given = new Context();
    loop.setExceptionHandler((of, report) -> VAR.set("handler's"));
    loop.callSoon(new Failing(), given);
    iterate();
    assertThat(given.get(VAR)).isEqualTo("handler's");
    assertThat(VAR.get()).isEqualTo("default");
  }

  // -- LOOP-13: handlers that fail ---------------------------------------------------------------

  /** The exception that was logged as that of a broken handler. */
  private static Throwable unhandled(Logs logs) {
    assertThat(logs.messages()).containsExactly("SEVERE Unhandled error in exception handler");
    return logs.records().getFirst().getThrown();
  }

  @Test
  @DisplayName(
      "LOOP-13 an error in the handler is reported by the default one, and the loop goes on")
  void handlerFails() {
    RuntimeException inHandler = new IllegalStateException("in handler");
    loop.setExceptionHandler((of, report) -> {
      throw inHandler;
    });
    try (Logs logs = new Logs()) {
      loop.callSoon(new Failing());
      loop.callSoon(trace.adds("next"));
      iterate();
      assertThat(unhandled(logs)).isSameAs(inHandler).hasSuppressedException(ERROR);
    }
    trace.assertEvents("next");
  }

  @Test
  @DisplayName(
      "LOOP-13 an error in the handler about a report without an exception is told just the same")
  void handlerFailsWithoutException() {
    RuntimeException inHandler = new IllegalStateException("in handler");
    loop.setExceptionHandler((of, report) -> {
      throw inHandler;
    });
    try (Logs logs = new Logs()) {
      loop.callExceptionHandler(context("no exception here", null));
      assertThat(unhandled(logs)).isSameAs(inHandler);
    }
  }

  @Test
  @DisplayName(
      "LOOP-13 a handler that throws the very exception it was told of does not end the loop")
  void handlerRethrows() {
    loop.setExceptionHandler((of, report) -> {
      throw (RuntimeException) report.exception();
    });
    try (Logs logs = new Logs()) {
      loop.callSoon(new Failing());
      loop.callSoon(trace.adds("next"));
      iterate();
      assertThat(unhandled(logs)).isSameAs(ERROR);
    }
    trace.assertEvents("next");
  }

  @Test
  @DisplayName(
      "LOOP-13 a handler that fails while the loop closes keeps no task from being unwound")
  void handlerFailsAtClose() {
    loop.setExceptionHandler((of, report) -> {
      throw new IllegalStateException("in handler");
    });
    for (int i = 0; i < 2; i++) {
      loop.createTask(() -> {
        try {
          sleep(Duration.ofDays(1));
        } finally {
          trace.add("unwound");
        }
      });
    }
    iterate();
    try (Logs logs = new Logs()) {
      loop.close();
      assertThat(logs.records()).hasSize(2);
    }
    trace.assertEvents("unwound", "unwound");
  }

  @Test
  @DisplayName("LOOP-13 a fatal error in the handler leaves the loop")
  void handlerFailsFatally() {
    loop.setExceptionHandler((of, report) -> {
      throw new KeyboardInterrupt();
    });
    loop.callSoon(new Failing());
    assertThatThrownBy(loop::runForever).isInstanceOf(KeyboardInterrupt.class);
  }

  /** A loop whose default handler is broken. */
  private static final class BrokenLoop extends EventLoop {
    BrokenLoop() {
      super(new VirtualTime());
    }

    @Override
    public void defaultExceptionHandler(ExceptionContext context) {
      throw new UnsupportedOperationException("broken default");
    }
  }

  @Test
  @DisplayName("LOOP-13 an error in an overridden default handler is logged, and the loop goes on")
  void brokenDefault() {
    try (Logs logs = new Logs();
        EventLoop broken = new BrokenLoop()) {
      broken.callSoon(new Failing());
      broken.callSoon(trace.adds("next"));
      broken.stop();
      broken.runForever();
      trace.assertEvents("next");
      assertThat(logs.messages()).containsExactly("SEVERE Exception in default exception handler");
      assertThat(logs.records().getFirst().getThrown()).hasMessage("broken default");
    }
  }

  @Test
  @DisplayName(
      "LOOP-13 a broken handler on top of a broken default is logged, and the loop goes on")
  void bothBroken() {
    try (Logs logs = new Logs();
        EventLoop broken = new BrokenLoop()) {
      broken.setExceptionHandler((of, report) -> {
        throw new IllegalStateException("in handler");
      });
      broken.callSoon(new Failing());
      broken.callSoon(trace.adds("next"));
      broken.stop();
      broken.runForever();
      trace.assertEvents("next");
      assertThat(logs.messages()).isNotEmpty().allMatch(text -> text.startsWith("SEVERE"));
    }
  }
}
