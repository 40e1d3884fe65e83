package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.context.ContextVar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-14 and LOOP-15. Real threads, ordered by latches. */
class ExecutorTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  /** Blocks its thread until released, and tells whether it was interrupted meanwhile. */
  private String block() {
    started.countDown();
    try {
      release.await();
      return "released";
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }

  private void awaitStarted() throws InterruptedException {
    toThread(() -> started.await());
  }

  // -- LOOP-14 -----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-14 the function runs in another thread, named asyncio; its value comes home as a future")
  void defaultExecutor() {
    run(() -> {
      Thread loopThread = Thread.currentThread();
      Future<Thread> future = loop.runInExecutor(null, Thread::currentThread);
      assertThat(future.getLoop()).isSameAs(loop);
      assertThat(future.done()).isFalse();
      Thread thread = future.await();
      assertThat(thread).isNotSameAs(loopThread);
      assertThat(thread.isVirtual()).isTrue();
      assertThat(thread.getName()).startsWith("asyncio");
      assertThat(Thread.currentThread()).isSameAs(loopThread);
    });
  }

  @Test
  @DisplayName("LOOP-14 a given executor is used; one that runs in the caller's thread works too")
  void givenExecutor() {
    run(() -> {
      try (ExecutorService own =
          Executors.newSingleThreadExecutor(task -> new Thread(task, "own"))) {
        assertThat(loop.runInExecutor(own, () -> Thread.currentThread().getName()).await())
            .isEqualTo("own");
      }
      Executor direct = Runnable::run;
      assertThat(loop.runInExecutor(direct, Thread::currentThread).await())
          .isSameAs(Thread.currentThread());
    });
  }

  @Test
  @DisplayName("LOOP-14 the loop goes on while the function blocks")
  void loopGoesOn() {
    run(() -> {
      Future<String> blocked = loop.runInExecutor(null, this::block);
      awaitStarted();
      trace.add(createTask(() -> "another task").await());
      release.countDown();
      trace.add(blocked.await());
    });
    trace.assertEvents("another task", "released");
  }

  @Test
  @DisplayName("LOOP-14 what the function throws is the future's exception, checked or not")
  void exceptions() {
    run(() -> {
      IOException checked = new IOException();
      Future<Object> first =
          loop.runInExecutor(
              null,
              () -> {
                throw checked;
              });
      assertThatThrownBy(first::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(checked);
      assertThat(first.exception()).isSameAs(checked);
      Error unchecked = new AssertionError();
      Future<Object> second =
          loop.runInExecutor(
              null,
              () -> {
                throw unchecked;
              });
      assertThatThrownBy(second::await).isSameAs(unchecked);
    });
  }

  @Test
  @DisplayName(
      "LOOP-14 cancelling the future neither stops nor interrupts the thread; its value is dropped")
  void cancelDoesNotStopThread() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    run(() -> {
      Future<String> future =
          loop.runInExecutor(
              null,
              () -> {
                String how = block();
                trace.add(how);
                ended.countDown();
                return how;
              });
      awaitStarted();
      var task = createTask(() -> future.await());
      sleep(Duration.ZERO);
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(future.cancelled()).isTrue();
      sleep(Duration.ofSeconds(1));
      release.countDown();
    });
    ended.await();
    trace.assertEvents("released");
  }

  @Test
  @DisplayName("LOOP-14 a function that is cancelled before it has a thread never runs")
  void cancelBeforeStart() {
    List<Runnable> queued = new ArrayList<>();
    run(() -> {
      Future<Object> future =
          loop.runInExecutor(
              queued::add,
              () -> {
                throw trace.unreachable();
              });
      future.cancel();
      sleep(Duration.ofSeconds(1));
      queued.forEach(Runnable::run);
      sleep(Duration.ofSeconds(1));
    });
    trace.finish(1);
  }

  @Test
  @DisplayName("LOOP-14 CTX-1 context variables are not handed over")
  void contextIsNotCopied() {
    run(() -> {
      VAR.set("task's");
      assertThat(loop.runInExecutor(null, () -> VAR.get()).await()).isEqualTo("default");
    });
  }

  @Test
  @DisplayName(
      "LOOP-14 the default executor that was set is used, by toThread too; null is refused")
  void setDefaultExecutor() {
    loop.setDefaultExecutor(Executors.newSingleThreadExecutor(task -> new Thread(task, "mine")));
    run(() -> {
      assertThat(loop.runInExecutor(null, () -> Thread.currentThread().getName()).await())
          .isEqualTo("mine");
      assertThat(toThread(() -> Thread.currentThread().getName())).isEqualTo("mine");
    });
    assertThatNullPointerException()
        .isThrownBy(() -> loop.setDefaultExecutor(null))
        .withMessageContaining("executor");
  }

  @Test
  @DisplayName("LOOP-14 a null function is refused by name")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> loop.runInExecutor(null, null))
        .withMessageContaining("function");
  }

  @Test
  @DisplayName(
      "LOOP-14 an executor that rejects or fails is heard at once, and leaves nothing to wait for")
  void brokenExecutors() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      for (RuntimeException error :
          List.of(new RejectedExecutionException("full"), new IllegalArgumentException("broken"))) {
        Executor broken =
            command -> {
              throw error;
            };
        assertThatThrownBy(() -> polled.runInExecutor(broken, () -> 1)).isSameAs(error);
        assertThat(poller.working).as("work that virtual time would wait for").isZero();
      }
    }
  }

  @Test
  @DisplayName("LOOP-14 a function that ends after the loop was closed disturbs nobody")
  void endsAfterClose() throws InterruptedException {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    Future<String> future = loop.runInExecutor(executor, this::block);
    started.await();
    loop.close();
    release.countDown();
    executor.shutdown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(future.done()).isFalse();
  }

  @Test
  @DisplayName(
      "LOOP-14 after shutdownDefaultExecutor a null executor is refused, a given one is not")
  void afterShutdown() {
    run(() -> {
      loop.shutdownDefaultExecutor(null);
      assertThatIllegalStateException()
          .isThrownBy(() -> loop.runInExecutor(null, () -> 1))
          .withMessage("Executor shutdown has been called");
      assertThatIllegalStateException()
          .isThrownBy(() -> toThread(() -> 1))
          .withMessage("Executor shutdown has been called");
      assertThat(loop.runInExecutor(Runnable::run, () -> 2).await()).isEqualTo(2);
    });
  }

  // -- LOOP-15 -----------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-15 it waits for the threads, and the loop goes on meanwhile")
  void joins() {
    run(() -> {
      loop.runInExecutor(
          null,
          () -> {
            trace.add(block());
            return null;
          });
      awaitStarted();
      var releaser =
          createTask(() -> {
            trace.add("loop goes on");
            release.countDown();
          });
      loop.shutdownDefaultExecutor(null);
      trace.add("shut down");
      assertThat(releaser.done()).isTrue();
    });
    trace.assertEvents("loop goes on", "released", "shut down");
  }

  @Test
  @DisplayName("LOOP-15 when the timeout is over it warns, and leaves the threads alone")
  void timesOut() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (Logs logs = new Logs()) {
      run(() -> {
        loop.runInExecutor(
            null,
            () -> {
              trace.add(block());
              ended.countDown();
              return null;
            });
        awaitStarted();
        loop.shutdownDefaultExecutor(Duration.ofMillis(1)); // real time: threads are waited for
      });
      assertThat(logs.messages())
          .singleElement()
          .asString()
          .startsWith("WARNING The executor did not finish joining its threads within PT0.001S");
    }
    release.countDown();
    ended.await();
    trace.assertEvents("released");
  }

  @Test
  @DisplayName("LOOP-15 without an executor, and the second time, there is nothing to wait for")
  void nothingToShutDown() {
    run(() -> {
      loop.shutdownDefaultExecutor(null);
      loop.shutdownDefaultExecutor(Duration.ZERO);
    });
  }

  @Test
  @DisplayName("LOOP-15 an executor that is idle ends at once, also with the longest timeout")
  void idleExecutor() {
    run(() -> {
      toThread(() -> 1);
      loop.shutdownDefaultExecutor(Duration.ofSeconds(Long.MAX_VALUE));
    });
  }

  @Test
  @DisplayName("LOOP-15 the wait can be cancelled; the executor is shut down all the same")
  void cancelledWait() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    loop.setDefaultExecutor(executor);
    run(() -> {
      var blocked = loop.runInExecutor(null, this::block);
      var shutdown = createTask(() -> loop.shutdownDefaultExecutor(null));
      sleep(Duration.ZERO);
      shutdown.cancel();
      assertThatThrownBy(shutdown::await).isInstanceOf(CancelledError.class);
      assertThat(executor.isShutdown()).isTrue();
      release.countDown();
      assertThat(blocked.await()).isEqualTo("released");
    });
  }
}
