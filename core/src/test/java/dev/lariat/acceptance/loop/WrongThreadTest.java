package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.AsyncGenerator;
import dev.lariat.Asyncio;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TimerHandle;
import dev.lariat.acceptance.LoopTest;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LOOP-20: a running loop used from another thread; checked always, not only in debug mode. */
class WrongThreadTest extends LoopTest {
  private static final Runnable NOTHING = () -> {};

  static Stream<Named<Consumer<EventLoop>>> loopCalls() {
    return Stream.of(
        Named.of("callSoon", loop -> loop.callSoon(NOTHING)),
        Named.of("callLater", loop -> loop.callLater(Duration.ZERO, NOTHING)),
        Named.of("callAt", loop -> loop.callAt(Duration.ZERO, NOTHING)),
        Named.of("createTask", loop -> loop.createTask(() -> 1)),
        Named.of("runInExecutor", loop -> loop.runInExecutor(Runnable::run, () -> 1)),
        Named.of("stop", EventLoop::stop),
        Named.of("setTaskFactory", loop -> loop.setTaskFactory(null)),
        Named.of("setExceptionHandler", loop -> loop.setExceptionHandler(null)),
        Named.of("setDebug", loop -> loop.setDebug(true)),
        Named.of("setDefaultExecutor", loop -> loop.setDefaultExecutor(ForkJoinPool.commonPool())),
        Named.of("shutdownDefaultExecutor", loop -> loop.shutdownDefaultExecutor(null)),
        Named.of("shutdownAsyncgens", EventLoop::shutdownAsyncgens));
  }

  static Stream<Named<Consumer<Future<Integer>>>> futureCalls() {
    return Stream.of(
        Named.of("setResult", future -> future.setResult(1)),
        Named.of("setException", future -> future.setException(new ArithmeticException())),
        Named.of("cancel", Future::cancel),
        Named.of("addDoneCallback", future -> future.addDoneCallback(done -> {})),
        Named.of("removeDoneCallback", future -> future.removeDoneCallback(done -> {})),
        Named.of("toCompletableFuture", Future::toCompletableFuture));
  }

  /** Does {@code call} in another thread while the loop runs, and looks at how it is refused. */
  private void assertRefused(Runnable call) {
    run(() -> {
      String loopThread = Thread.currentThread().getName();
      assertThat(inOtherThread(call::run))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("\"other\"") // the thread that called
          .hasMessageContaining("\"" + loopThread + "\"")
          .hasMessageContaining("callSoonThreadsafe");
    });
    assertThat(loop.getDebug()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("loopCalls")
  @DisplayName(
      "LOOP-20 a call to a loop that runs in another thread is refused, and says what to use")
  void loopCall(Consumer<EventLoop> call) {
    assertRefused(() -> call.accept(loop));
  }

  @ParameterizedTest
  @MethodSource("futureCalls")
  @DisplayName("LOOP-20 a change of a future from another thread is refused, and changes nothing")
  void futureCall(Consumer<Future<Integer>> call) {
    Future<Integer> future = loop.createFuture();
    assertRefused(() -> call.accept(future));
    assertThat(future.done()).isFalse();
    future.setResult(2);
    assertThat(future.result()).isEqualTo(2);
  }

  @Test
  @DisplayName("LOOP-20 cancelling a task from another thread is refused, and cancels nothing")
  void taskCancel() {
    Task<Void> task = loop.createTask(() -> sleep(Duration.ofSeconds(1)));
    assertRefused(task::cancel);
    assertThat(task.cancelling()).isZero();
    loop.runUntilComplete(task);
  }

  @Test
  @DisplayName("LOOP-20 taking back a cancel from another thread is refused")
  void taskUncancel() {
    Task<Void> task = loop.createTask(() -> sleep(Duration.ofDays(1)));
    iterate();
    task.cancel();
    assertRefused(task::uncancel);
  }

  @Test
  @DisplayName(
      "LOOP-20 cancelling a timer from another thread is refused: the loop's heap is not safe")
  void timerCancel() {
    TimerHandle timer = loop.callLater(Duration.ofDays(1), NOTHING);
    assertRefused(timer::cancel);
    assertThat(timer.cancelled()).isFalse();
  }

  @Test
  @DisplayName("LOOP-20 awaiting in a thread that runs no loop says that there is none")
  void await() {
    Future<Integer> future = loop.createFuture();
    AsyncGenerator<Integer> generator = asyncGenerator(out -> out.yield(1));
    run(() -> {
      for (Runnable call :
          new Runnable[] {future::await, () -> sleep(Duration.ZERO), generator::advance}) {
        assertThat(inOtherThread(call::run))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("No running event loop in thread \"other\"");
      }
    });
  }

  @Test
  @DisplayName("LOOP-20 while no thread runs the loop, any may use it")
  void idleLoop() {
    assertThat(
            inOtherThread(() -> {
              loop.callSoon(trace.adds("soon"));
              loop.createTask(() -> trace.add("task"));
              loop.setDebug(false);
            }))
        .isNull();
    iterate();
    trace.assertEvents("soon", "task");
  }

  @Test
  @DisplayName("LOOP-20 what is safe from any thread is not refused")
  void allowed() {
    Task<Void> task = loop.createTask(() -> sleep(Duration.ofSeconds(1)));
    run(() ->
        assertThat(
                inOtherThread(() -> {
                  loop.time();
                  loop.isRunning();
                  loop.isClosed();
                  loop.getDebug();
                  trace.add(loop + " " + task);
                  Asyncio.allTasks(loop);
                  loop.callSoonThreadsafe(NOTHING);
                }))
            .isNull());
    loop.runUntilComplete(task);
  }
}
