package dev.lariat.acceptance.future;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.isfuture;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.InvalidStateException;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-1, FUT-2, FUT-6, FUT-7, FUT-8 and FUT-10. */
class FutureStateTest extends LoopTest {
  private static final RuntimeException ERROR = new ArithmeticException("error");

  private Future<Object> pending() {
    return loop.createFuture();
  }

  private Future<Object> finished(Object value) {
    Future<Object> future = pending();
    future.setResult(value);
    return future;
  }

  private Future<Object> failed(Throwable error) {
    Future<Object> future = pending();
    future.setException(error);
    return future;
  }

  private Future<Object> cancelled(String message) {
    Future<Object> future = pending();
    future.cancel(message);
    return future;
  }

  private static void assertInvalidState(ThrowingCallable call) {
    assertThatExceptionOfType(InvalidStateException.class).isThrownBy(call);
  }

  // -- FUT-1 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-1 a new future is pending: not done, not cancelled")
  void initialState() {
    assertThat(pending().done()).isFalse();
    assertThat(pending().cancelled()).isFalse();
  }

  @Test
  @DisplayName("FUT-1 a result makes it done, a null result too")
  void result() {
    Future<Object> future = finished("value");
    assertThat(future.done()).isTrue();
    assertThat(future.cancelled()).isFalse();
    assertThat(future.result()).isEqualTo("value");
    assertThat(future.result()).as("again").isEqualTo("value");
    assertThat(future.exception()).isNull();
    Future<Object> nothing = finished(null);
    assertThat(nothing.done()).isTrue();
    assertThat(nothing.result()).isNull();
    assertThat(nothing.exception()).isNull();
  }

  @Test
  @DisplayName("FUT-1 an exception makes it done, not cancelled")
  void exception() {
    Future<Object> future = failed(ERROR);
    assertThat(future.done()).isTrue();
    assertThat(future.cancelled()).isFalse();
    assertThat(future.exception()).isSameAs(ERROR);
  }

  @Test
  @DisplayName(
      "FUT-1 cancel makes it done and cancelled, and tells true; on a done one false, and changes nothing")
  void cancel() {
    Future<Object> future = pending();
    assertThat(future.cancel()).isTrue();
    assertThat(future.done()).isTrue();
    assertThat(future.cancelled()).isTrue();
    assertThat(future.cancel()).isFalse();
    Future<Object> finished = finished(1);
    assertThat(finished.cancel()).isFalse();
    assertThat(finished.cancelled()).isFalse();
    assertThat(finished.result()).isEqualTo(1);
    Future<Object> failed = failed(ERROR);
    assertThat(failed.cancel()).isFalse();
    assertThat(failed.exception()).isSameAs(ERROR);
  }

  @Test
  @DisplayName("FUT-1 there is one outcome: every later one is refused, and changes nothing")
  void onlyOnce() {
    for (Future<Object> future : List.of(finished(1), failed(ERROR), cancelled("why"))) {
      String before = future.toString();
      assertInvalidState(() -> future.setResult(2));
      assertInvalidState(() -> future.setException(new IllegalStateException()));
      assertThat(future).hasToString(before);
      future.cancel(); // counts as looking at the failure
    }
    assertThatExceptionOfType(InvalidStateException.class)
        .isThrownBy(() -> finished("the value").setResult(2))
        .withMessageContaining("already set")
        .withMessageContaining("the value");
  }

  // -- FUT-2 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-2 result and exception of a pending future: InvalidStateException")
  void pendingOutcome() {
    assertThatExceptionOfType(InvalidStateException.class)
        .isThrownBy(() -> pending().result())
        .withMessage("Result is not set.");
    assertThatExceptionOfType(InvalidStateException.class)
        .isThrownBy(() -> pending().exception())
        .withMessage("Exception is not set.");
  }

  @Test
  @DisplayName("FUT-2 result and exception of a cancelled future both throw CancelledError")
  void cancelledOutcome() {
    Future<Object> future = cancelled(null);
    assertThatThrownBy(future::result).isExactlyInstanceOf(CancelledError.class).hasMessage(null);
    assertThatThrownBy(future::exception).isExactlyInstanceOf(CancelledError.class);
  }

  @Test
  @DisplayName(
      "FUT-2 result throws an unchecked exception as it is, a checked one as a cause; each time")
  void failedResult() {
    Future<Object> unchecked = failed(ERROR);
    Error error = new AssertionError();
    Future<Object> fatal = failed(error);
    IOException io = new IOException();
    Future<Object> checked = failed(io);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(unchecked::result).isSameAs(ERROR);
      assertThatThrownBy(fatal::result).isSameAs(error);
      assertThatThrownBy(checked::result)
          .isExactlyInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(io);
      assertThat(checked.exception()).isSameAs(io);
    }
  }

  // -- FUT-6 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-6 the exception is the very object that was set, for every awaiter")
  void sameException() {
    run(() -> {
      Future<Object> future = pending();
      List<Task<Object>> awaiters = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        awaiters.add(createTask(() -> future.await()));
      }
      sleep(Duration.ZERO);
      future.setException(ERROR);
      sleep(Duration.ZERO);
      assertThat(awaiters).allMatch(task -> task.exception() == ERROR);
    });
  }

  @Test
  @DisplayName("FUT-6 null is no exception")
  void nullException() {
    Future<Object> future = pending();
    assertThatNullPointerException()
        .isThrownBy(() -> future.setException(null))
        .withMessageContaining("exception");
    assertThat(future.done()).isFalse();
  }

  @Test
  @DisplayName("FUT-6 a CancelledError set as the exception cancels the awaiter, not the future")
  void cancelledErrorAsException() {
    run(() -> {
      Future<Object> future = failed(new CancelledError("as exception"));
      Task<Object> awaiter = createTask(() -> future.await());
      sleep(Duration.ZERO);
      assertThat(awaiter.cancelled()).isTrue();
      assertThat(future.cancelled()).isFalse();
      assertThat(future.exception()).hasMessage("as exception");
    });
  }

  // -- FUT-7 -------------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-7 awaiting a done future does not suspend, whatever its outcome")
  void awaitDone() {
    run(() -> {
      createTask(() -> trace.add("other task"));
      trace.add(finished("value").await());
      assertThatThrownBy(() -> failed(ERROR).await()).isSameAs(ERROR);
      assertThatThrownBy(() -> cancelled("why").await()).isInstanceOf(CancelledError.class);
      trace.add("not suspended");
      sleep(Duration.ZERO);
    });
    trace.assertEvents("value", "not suspended", "other task");
  }

  @Test
  @DisplayName("FUT-7 awaiting a done future needs no task, and delivers no pending cancellation")
  void awaitDoneAnywhere() {
    assertThat(finished("value").await()).isEqualTo("value");
    run(() -> {
      currentTask().cancel();
      trace.add(finished("value").await());
      assertThatThrownBy(() -> sleep(Duration.ZERO)).isInstanceOf(CancelledError.class);
    });
    trace.assertEvents("value");
  }

  @Test
  @DisplayName(
      "FUT-7 awaiters of one future are resumed in the order they came, one iteration after its outcome")
  void awaitersInOrder() {
    Future<Object> future = pending();
    for (int i = 0; i < 4; i++) {
      String name = "awaiter " + i;
      loop.createTask(() -> trace.add(name + " " + future.await()));
      future.addDoneCallback(done -> trace.add("callback"));
    }
    iterate();
    future.setResult("value");
    trace.assertEvents();
    iterate();
    trace.assertEvents(
        "callback",
        "callback",
        "callback",
        "callback",
        "awaiter 0 value",
        "awaiter 1 value",
        "awaiter 2 value",
        "awaiter 3 value");
  }

  // -- FUT-8 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "FUT-8 the message given to cancel is that of the CancelledError, each time it is read")
  void cancelMessage() {
    for (String message : new String[] {"why", "", null}) {
      Future<Object> future = cancelled(message);
      assertThatThrownBy(future::result).hasMessage(message);
      assertThatThrownBy(future::exception).hasMessage(message);
      assertThatThrownBy(future::await).hasMessage(message);
    }
  }

  @Test
  @DisplayName("FUT-8 the message reaches a task that awaits the future, and who awaits that task")
  void cancelMessageTravels() {
    run(() -> {
      Future<Object> future = pending();
      Task<Object> inner = createTask(() -> future.await());
      Task<Object> outer = createTask(() -> inner.await());
      sleep(Duration.ZERO);
      sleep(Duration.ZERO);
      future.cancel("from far away");
      assertThatThrownBy(outer::await)
          .isInstanceOf(CancelledError.class)
          .hasMessage("from far away");
      assertThat(inner.cancelled()).isTrue();
      assertThat(outer.cancelled()).isTrue();
    });
  }

  @Test
  @DisplayName("FUT-8 the message of a second cancel, which comes too late, is dropped")
  void secondMessage() {
    Future<Object> future = cancelled("first");
    future.cancel("second");
    assertThatThrownBy(future::result).hasMessage("first");
  }

  // -- FUT-10 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-10 isfuture: futures and tasks, and nothing else")
  void isFuture() {
    assertThat(isfuture(pending())).isTrue();
    assertThat(isfuture(loop.createTask(() -> 1))).isTrue();
    assertThat(isfuture(new CompletableFuture<>())).isFalse();
    assertThat(isfuture("future")).isFalse();
    assertThat(isfuture(null)).isFalse();
    iterate();
  }

  @Test
  @DisplayName("FUT-10 getLoop gives the loop it was made with")
  void getLoop() {
    assertThat(pending().getLoop()).isSameAs(loop);
  }

  @Test
  @DisplayName("FUT-10 the text tells the state, the outcome, and how many wait")
  void text() {
    assertThat(pending()).hasToString("Future pending");
    assertThat(finished(42)).asString().isEqualTo("Future finished result=42");
    assertThat(finished(null)).asString().isEqualTo("Future finished result=null");
    Future<Object> failed = failed(ERROR);
    assertThat(failed).asString().startsWith("Future finished exception=").contains("error");
    failed.cancel();
    assertThat(cancelled("why")).asString().startsWith("Future cancelled");
    Future<Object> future = pending();
    future.addDoneCallback(done -> {});
    assertThat(future).asString().contains("pending", "cb=", "1 callback");
    future.addDoneCallback(done -> {});
    future.addDoneCallback(done -> {});
    assertThat(future).asString().contains("3 callbacks");
  }

  @Test
  @DisplayName("FUT-10 the text keeps a long result short")
  void longText() {
    assertThat(finished("x".repeat(1000)).toString()).hasSizeLessThan(120);
  }

  @Test
  @DisplayName("FUT-10 the text of a future whose result contains it ends")
  void recursiveText() {
    Future<Object> self = pending();
    self.setResult(self);
    assertThat(self.toString()).isNotEmpty();
    Future<Object> first = pending();
    Future<Object> second = finished(first);
    first.setResult(second);
    assertThat(first.toString()).isNotEmpty();
    Future<Object> inList = pending();
    inList.setResult(List.of(inList));
    assertThat(inList.toString()).isNotEmpty();
  }

  @Test
  @DisplayName("FUT-10 the text of a task that returned the set of all tasks ends")
  void recursiveTaskText() {
    Task<Object> task = loop.createTask(() -> allTasks());
    iterate();
    assertThat(task.toString()).contains("finished");
  }

  @Test
  @DisplayName("FUT-10 in debug mode the text tells where the future was made")
  void textWithSource() {
    loop.setDebug(true);
    assertThat(pending().toString()).contains("created at", getClass().getName());
  }
}
