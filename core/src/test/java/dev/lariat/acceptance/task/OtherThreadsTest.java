package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.allTasks;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.runCoroutineThreadsafe;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Block;
import dev.lariat.CancelledError;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.TaskOptions;
import dev.lariat.Timeout;
import dev.lariat.TimeoutException;
import dev.lariat.VoidBlock;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.context.ContextVar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RCT-1 and TT-1. Real threads, ordered by latches; the loop's clock is virtual. */
class OtherThreadsTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");
  private static final Duration LONG = Duration.ofDays(1);

  /** Runs the loop in this thread while {@code other} runs in a thread beside it. */
  private void beside(VoidBlock<Exception> other) {
    run(() -> toThread(other));
  }

  // -- RCT-1 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "RCT-1 the coroutine runs as a task on the loop's thread; the value comes back to the caller's")
  void value() {
    Thread loopThread = Thread.currentThread();
    beside(() -> {
      CompletableFuture<String> future =
          runCoroutineThreadsafe(
              () -> {
                assertThat(Thread.currentThread()).isSameAs(loopThread);
                assertThat(currentTask()).isNotNull();
                sleep(Duration.ZERO);
                return "value";
              },
              loop);
      assertThat(future.get()).isEqualTo("value");
      assertThat(runCoroutineThreadsafe(() -> trace.add("no value"), loop).get()).isNull();
    });
    trace.assertEvents("no value");
  }

  @Test
  @DisplayName("RCT-1 what the coroutine throws is the cause of the caller's ExecutionException")
  void exception() {
    IOException error = new IOException();
    beside(() -> {
      CompletableFuture<Object> future =
          runCoroutineThreadsafe(
              () -> {
                throw error;
              },
              loop);
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isSameAs(error);
    });
  }

  @Test
  @DisplayName("RCT-1 a task that ends cancelled gives the caller a CancellationException")
  void taskCancelled() {
    beside(() -> {
      CompletableFuture<Object> future =
          runCoroutineThreadsafe(
              () -> {
                currentTask().cancel();
                sleep(LONG);
                throw trace.unreachable();
              },
              loop);
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
      assertThat(future.isCancelled()).isTrue();
    });
    trace.finish(1);
  }

  @Test
  @DisplayName("RCT-1 cancelling the future cancels the task, whose finally runs")
  void cancel() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    beside(() -> {
      CompletableFuture<Void> future =
          runCoroutineThreadsafe(
              () -> {
                try {
                  started.countDown();
                  loop.createFuture().await();
                } catch (CancelledError error) {
                  trace.add("cancelled");
                  throw error;
                } finally {
                  ended.countDown();
                }
              },
              loop);
      started.await();
      assertThat(future.cancel(true)).isTrue();
      ended.await();
    });
    trace.assertEvents("cancelled");
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("RCT-1 a caller that waits with a timeout may give up, and cancel what goes on")
  void timeoutOfCaller() {
    CountDownLatch ended = new CountDownLatch(1);
    beside(() -> {
      CompletableFuture<Void> future =
          runCoroutineThreadsafe(
              () -> {
                try {
                  loop.createFuture().await();
                } finally {
                  ended.countDown();
                }
              },
              loop);
      assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(ended.getCount()).as("the task goes on").isEqualTo(1);
      future.cancel(true);
      ended.await();
    });
  }

  @Test
  @DisplayName(
      "RCT-1 a future cancelled before the loop has seen it: the task ends at its first wait")
  void cancelledEarly() {
    CompletableFuture<Object> future =
        runCoroutineThreadsafe(() -> loop.createFuture().await(), loop);
    future.cancel(true);
    for (int i = 0; i < 4; i++) {
      iterate();
    }
    assertThat(allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName(
      "RCT-1 an exception of the task factory reaches both the caller and the loop's handler")
  void factoryFails() {
    RuntimeException error = new IllegalStateException("no tasks today");
    loop.setTaskFactory(
        new TaskFactory() {
          @Override
          public <T extends @Nullable Object> Task<T> create(
              EventLoop of, Coroutine<T> coroutine, TaskOptions options) {
            throw error;
          }
        });
    CompletableFuture<Object> future = runCoroutineThreadsafe(() -> trace.unreachable(), loop);
    iterate();
    assertThatThrownBy(future::get).cause().isSameAs(error);
    assertThat(takeReport().exception()).isSameAs(error);
    trace.finish(1);
  }

  @Test
  @DisplayName(
      "RCT-1 it may be called before the loop runs, and on its own thread, if nobody blocks there")
  void beforeRunAndInside() {
    CompletableFuture<String> early = runCoroutineThreadsafe(() -> "early", loop);
    assertThat(early.isDone()).isFalse();
    run(() -> {
      CompletableFuture<String> inside = runCoroutineThreadsafe(() -> "inside", loop);
      assertThat(inside.isDone()).as("never inline").isFalse();
      assertThat(Asyncio.await(inside)).isEqualTo("inside");
    });
    assertThat(early).isCompletedWithValue("early");
  }

  @Test
  @DisplayName(
      "RCT-1 when the loop closes, a caller that waits is told, and does not wait for ever")
  void loopCloses() {
    CompletableFuture<Object> waiting =
        runCoroutineThreadsafe(() -> loop.createFuture().await(), loop);
    iterate();
    iterate();
    CompletableFuture<Object> unseen = runCoroutineThreadsafe(() -> 1, loop);
    loop.close();
    assertThat(takeReport().message()).contains("pending");
    for (CompletableFuture<Object> future : List.of(waiting, unseen)) {
      assertThat(future).isDone();
      assertThatThrownBy(future::get).hasMessageContaining("Event loop is closed");
    }
  }

  @Test
  @DisplayName("RCT-1 null arguments are refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> runCoroutineThreadsafe((Coroutine<?>) null, loop))
        .withMessageContaining("coroutine");
    assertThatNullPointerException()
        .isThrownBy(() -> runCoroutineThreadsafe((Action) null, loop))
        .withMessageContaining("coroutine");
    assertThatNullPointerException()
        .isThrownBy(() -> runCoroutineThreadsafe(() -> 1, null))
        .withMessageContaining("loop");
  }

  // -- TT-1 --------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "TT-1 the function runs in another thread while other tasks go on; its value is returned")
  void toThreadValue() {
    run(() -> {
      CountDownLatch release = new CountDownLatch(1);
      createTask(() -> {
        trace.add("other task");
        release.countDown();
      });
      Thread thread =
          toThread(() -> {
            release.await();
            return Thread.currentThread();
          });
      assertThat(thread).isNotSameAs(Thread.currentThread());
      assertThat(thread.isVirtual()).isTrue();
      assertThat(toThread(() -> (String) null)).isNull();
    });
    trace.assertEvents("other task");
  }

  @Test
  @DisplayName("TT-1 what the function throws is thrown as it is, checked exceptions too")
  void toThreadException() {
    for (Throwable error :
        new Throwable[] {new IOException(), new ArithmeticException(), new AssertionError()}) {
      run(() ->
          assertThatThrownBy(() ->
                  toThread(() -> {
                    throw OtherThreadsTest.<Exception>sneak(error);
                  }))
              .isSameAs(error));
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  @DisplayName("TT-1 the context is handed over as a copy: read there, and not changed here")
  void toThreadContext() {
    run(() -> {
      VAR.set("task's");
      toThread(() -> {
        trace.add(VAR.get());
        VAR.set("thread's");
      });
      trace.add(VAR.get());
    });
    trace.assertEvents("task's", "task's");
  }

  @Test
  @DisplayName("TT-1 cancelling the task interrupts the thread, and does not wait for it")
  void toThreadCancel() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    run(() -> {
      Task<Void> task =
          createTask(() ->
              toThread(() -> {
                started.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  mayEnd.await();
                }
              }));
      toThread(() -> started.await());
      task.cancel("stop");
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("stop");
      sleep(Duration.ZERO);
    });
    interrupted.await();
    mayEnd.countDown();
  }

  @Test
  @DisplayName("TT-1 a timeout around it does the same")
  void toThreadTimeout() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    run(() -> {
      // The virtual clock stands while a thread works: so the time is up when the thread waits.
      Timeout limit = new Timeout(null);
      createTask(() -> {
        toThread(() -> started.await());
        limit.reschedule(loop.time());
      });
      assertThatThrownBy(() ->
              limit.run(scope -> {
                toThread(() -> {
                  started.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                });
                return null;
              }))
          .isInstanceOf(TimeoutException.class);
    });
    interrupted.await();
  }

  @Test
  @DisplayName("TT-1 a function that has no thread yet when its task is cancelled never runs")
  void toThreadCancelledEarly() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean ran = new AtomicBoolean();
    loop.setDefaultExecutor(Executors.newSingleThreadExecutor());
    run(() -> {
      Task<Void> first =
          createTask(() ->
              toThread(() -> {
                started.countDown();
                release.await();
              }));
      Task<Void> second = createTask(() -> toThread(() -> ran.set(true)));
      sleep(Duration.ZERO);
      started.await();
      second.cancel();
      assertThatThrownBy(second::await).isInstanceOf(CancelledError.class);
      release.countDown();
      first.await();
      toThread(() -> trace.add("third"));
    });
    assertThat(ran).isFalse();
    trace.assertEvents("third");
  }

  @Test
  @DisplayName("TT-1 outside a task it is refused, and null by name")
  void toThreadMisuse() {
    assertThatIllegalStateException()
        .isThrownBy(() -> toThread(() -> 1))
        .withMessageContaining("No running event loop");
    loop.callSoon(() ->
        assertThatIllegalStateException()
            .isThrownBy(() -> toThread(() -> 1))
            .withMessageContaining("Cannot await outside a task"));
    iterate();
    run(() -> {
      assertThatNullPointerException()
          .isThrownBy(() -> toThread((Block<Integer, RuntimeException>) null))
          .withMessageContaining("function");
      assertThatNullPointerException()
          .isThrownBy(() -> toThread((VoidBlock<RuntimeException>) null))
          .withMessageContaining("function");
    });
  }

  @Test
  @DisplayName("TT-1 inside the thread there is no loop, and awaiting is refused")
  void noLoopInThread() {
    run(() ->
        toThread(() ->
            assertThatIllegalStateException()
                .isThrownBy(() -> sleep(Duration.ZERO))
                .withMessageContaining("No running event loop")));
  }

  @Test
  @DisplayName("TT-1 a thousand threads at once all come home")
  void manyThreads() {
    run(() -> {
      CountDownLatch all = new CountDownLatch(1000);
      List<Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int n = i;
        tasks.add(
            createTask(() ->
                toThread(() -> {
                  all.countDown();
                  all.await(); // they block, all of them
                  return n;
                })));
      }
      int sum = 0;
      for (Task<Integer> task : tasks) {
        sum += task.await();
      }
      assertThat(sum).isEqualTo(999 * 1000 / 2);
    });
  }
}
