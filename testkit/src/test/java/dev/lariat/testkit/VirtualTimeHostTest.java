package dev.lariat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.host.Host;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The clock of a guest on virtual time, and other threads")
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualTimeHostTest {
  private final List<Throwable> thrown = new ArrayList<>();

  /** Runs work in a thread, and waits for its end. */
  private final Executor atOnce = work -> join(start(work));

  private Thread start(Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .uncaughtExceptionHandler((_, error) -> thrown.add(error))
        .start(work);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("work that has ended before the loop first runs is as any other")
  void workBeforeTheRun() {
    try (EventLoop loop = new EventLoop(new VirtualTimeHost(new ToyToolkit().newHost()))) {
      Future<String> work = loop.runInExecutor(atOnce, () -> "done");
      assertThat(loop.runUntilComplete(work)).isEqualTo("done");
    }
    assertThat(thrown).isEmpty();
  }

  @Test
  @DisplayName("LOOP-11 the clock stands until a turn that is being asked for has come")
  void lateWakeUp() {
    CountDownLatch asking = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread[] late = new Thread[1];
    Host virtual = new VirtualTimeHost(new ToyToolkit().newHost());
    Host host =
        (Host)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Host.class},
                (_, method, args) -> {
                  if (method.getName().equals("wake") && Thread.currentThread() == late[0]) {
                    asking.countDown();
                    ended.await();
                  }
                  return method.invoke(virtual, args);
                });
    try (EventLoop loop = new EventLoop(host)) {
      List<String> order = new ArrayList<>();
      loop.callLater(Duration.ofHours(1), () -> order.add("timer"));
      Future<String> end = loop.createFuture();
      loop.callSoon(() -> {
        late[0] = Thread.ofPlatform().unstarted(() -> loop.callSoonThreadsafe(() -> {}));
        late[0].start();
        waitFor(asking, 30_000); // so nobody else asks for a turn
        loop.runInExecutor(atOnce, () -> "worked")
            .addDoneCallback(work -> {
              order.add(work.result());
              end.setResult("end");
            });
        start(() -> {
          waitFor(new CountDownLatch(1), 50); // real time: the turn is to end first
          ended.countDown();
        });
      });
      assertThat(loop.runUntilComplete(end)).isEqualTo("end");
      assertThat(order).containsExactly("worked");
    }
    assertThat(thrown).isEmpty();
  }

  private static void waitFor(CountDownLatch latch, int millis) {
    try {
      boolean _ = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
