package dev.lariat.acceptance.future;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.EventLoop;
import dev.lariat.ExceptionContext;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** FUT-5: failures that nobody retrieved. The collector's own pace is the one real time here. */
class NeverRetrievedTest extends LoopTest {
  private static final RuntimeException ERROR = new ArithmeticException("nobody looks");

  private Future<Object> failed() {
    Future<Object> future = loop.createFuture();
    future.setException(ERROR);
    return future;
  }

  /** Collects garbage, and runs what the loop is given meanwhile, until there is a report. */
  private List<ExceptionContext> reportsAfterCollection() {
    List<ExceptionContext> reports = new ArrayList<>();
    collectGarbageUntil(() -> {
      iterate();
      reports.addAll(takeReports());
      return !reports.isEmpty();
    });
    return reports;
  }

  /** Does {@code looks} with a failed future, and makes sure that it is not reported any more. */
  private void assertSilentAfter(Consumer<Future<Object>> looks) {
    looks.accept(failed());
    for (int i = 0; i < 3; i++) {
      System.gc();
      iterate();
    }
    loop.close();
    assertThat(takeReports()).isEmpty();
  }

  // -- reported ----------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-5 a failed future is reported when it is collected, once, with its exception")
  void future() {
    failed();
    List<ExceptionContext> reports = reportsAfterCollection();
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().message()).isEqualTo("Future exception was never retrieved");
    assertThat(reports.getFirst().exception()).isSameAs(ERROR);
    loop.close();
    assertThat(takeReports()).as("at close").isEmpty();
  }

  @Test
  @DisplayName("FUT-5 a failed task is reported when it is collected, by name")
  void task() {
    loop.createTask(
        TaskOptions.named("my task"),
        () -> {
          throw ERROR;
        });
    iterate();
    List<ExceptionContext> reports = reportsAfterCollection();
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().message())
        .contains("Task", "my task", "exception was never retrieved");
    assertThat(reports.getFirst().exception()).isSameAs(ERROR);
  }

  @Test
  @DisplayName("FUT-5 the report comes on the loop's thread, while the loop runs")
  void onLoopThread() {
    Thread[] reporter = new Thread[1];
    loop.setExceptionHandler((of, report) -> reporter[0] = Thread.currentThread());
    run(() -> {
      failed();
      collectGarbageUntil(() -> {
        sleep(Duration.ZERO);
        return reporter[0] != null;
      });
      assertThat(reporter[0]).isSameAs(Thread.currentThread());
    });
  }

  @Test
  @DisplayName(
      "FUT-5 a failed future that is still referred to is reported when its loop closes, at the latest")
  void atClose() {
    Future<Object> kept = failed();
    System.gc();
    iterate();
    assertThat(takeReports()).isEmpty();
    loop.close();
    assertThat(takeReport().exception()).isSameAs(ERROR);
    assertThat(kept.exception()).as("still there").isSameAs(ERROR);
  }

  @Test
  @DisplayName("FUT-5 many failures are reported once each")
  void many() {
    for (int i = 0; i < 100; i++) {
      failed();
      if (i % 10 == 0) {
        System.gc();
        iterate();
      }
    }
    loop.close();
    assertThat(takeReports()).hasSize(100);
  }

  @Test
  @DisplayName("FUT-5 one that fails after its loop was closed is reported when it is collected")
  void afterClose() {
    List<ExceptionContext> reports = Collections.synchronizedList(new ArrayList<>());
    EventLoop other = newLoop();
    other.setExceptionHandler((of, report) -> reports.add(report));
    failAfterClose(other);
    collectGarbageUntil(() -> !reports.isEmpty());
    assertThat(reports).singleElement().matches(report -> report.exception() == ERROR);
  }

  private static void failAfterClose(EventLoop other) {
    Future<Object> future = other.createFuture();
    other.close();
    future.setException(ERROR);
  }

  @Test
  @DisplayName("FUT-5 a done callback that does not look at the outcome does not count as looking")
  void callbackThatDoesNotLook() {
    Future<Object> future = failed();
    future.addDoneCallback(done -> assertThat(done.done()).isTrue());
    iterate();
    var unused = future.toString();
    loop.close();
    assertThat(takeReport().exception()).isSameAs(ERROR);
  }

  @Test
  @DisplayName("FUT-5 an awaiter that is cancelled before the failure has not seen it")
  void cancelledAwaiter() {
    Future<Object> future = loop.createFuture();
    Task<Object> failing =
        loop.createTask(() -> {
          try {
            return future.await();
          } catch (Throwable leaving) {
            throw ERROR;
          }
        });
    iterate();
    failing.cancel();
    iterate();
    loop.close();
    assertThat(takeReport().message()).contains("Task", "was never retrieved");
  }

  @Test
  @DisplayName(
      "FUT-5 the default handler logs the failure with its exception, and in debug mode its origin")
  void logged() {
    loop.setExceptionHandler(null);
    loop.setDebug(true);
    try (Logs logs = new Logs()) {
      failed();
      loop.close();
      assertThat(logs.messages(Level.SEVERE))
          .singleElement()
          .asString()
          .startsWith("Future exception was never retrieved")
          .contains("created at", getClass().getName());
      assertThat(logs.records().getFirst().getThrown()).isSameAs(ERROR);
    }
  }

  // -- not reported ------------------------------------------------------------------------------

  @Test
  @DisplayName("FUT-5 result looks at it")
  void resultLooks() {
    assertSilentAfter(future -> assertThatThrownBy(future::result).isSameAs(ERROR));
  }

  @Test
  @DisplayName("FUT-5 exception looks at it")
  void exceptionLooks() {
    assertSilentAfter(Future::exception);
  }

  @Test
  @DisplayName("FUT-5 cancel looks at it, though it comes too late")
  void cancelLooks() {
    assertSilentAfter(Future::cancel);
  }

  @Test
  @DisplayName("FUT-5 await looks at it, before and after the failure")
  void awaitLooks() {
    assertSilentAfter(future -> run(() -> assertThatThrownBy(future::await).isSameAs(ERROR)));
    assertThat(loop.isClosed()).isTrue();
  }

  @Test
  @DisplayName(
      "FUT-5 a task that awaits a failure and passes it on is reported itself, and the future is not")
  void passedOn() {
    Future<Object> future = loop.createFuture();
    loop.createTask(TaskOptions.named("passes on"), () -> future.await());
    iterate();
    future.setException(ERROR);
    iterate();
    loop.close();
    assertThat(takeReport().message()).contains("passes on");
  }

  @Test
  @DisplayName("FUT-5 runUntilComplete and await look at a task's failure")
  void tasksLookedAt() {
    assertThatThrownBy(() ->
            run(() -> {
              Task<Object> task =
                  createTask(() -> {
                    throw ERROR;
                  });
              task.await();
            }))
        .isSameAs(ERROR);
    loop.close();
    assertThat(takeReports()).isEmpty();
  }

  @Test
  @DisplayName("FUT-5 results and cancellations that nobody looks at are not reported")
  void onlyFailures() {
    loop.<Object>createFuture().setResult(1);
    loop.createFuture().cancel("nobody cares");
    loop.createTask(() -> sleep(Duration.ofDays(1))).cancel();
    iterate();
    iterate();
    loop.close();
    assertThat(takeReports()).isEmpty();
  }
}
