package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.toThread;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.AsyncGenerator;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A virtual thread is a continuation itself, and a task in it is one inside it: the loop's waits
 * unmount all of the virtual thread, so that it may go on upon another carrier.
 */
@DisplayName("A loop that runs on a virtual thread")
@Timeout(60)
class VirtualThreadTest {
  private static void onVirtualThread(Action body) throws Exception {
    Throwable[] failure = new Throwable[1];
    Thread.ofVirtual()
        .name("virtual")
        .start(() -> {
          try {
            body.run();
          } catch (Throwable e) {
            failure[0] = e;
          }
        })
        .join();
    assertThat(failure[0]).isNull();
  }

  @Test
  @DisplayName("tasks, timers, groups and generators work")
  void basics() throws Exception {
    List<String> log = new ArrayList<>();
    onVirtualThread(() ->
        VirtualLoop.run(() -> {
          Thread self = Thread.currentThread();
          taskGroup(group -> {
            group.createTask(() -> {
              sleep(Duration.ofSeconds(2));
              log.add("second " + (Thread.currentThread() == self));
            });
            group.createTask(() -> {
              sleep(Duration.ofSeconds(1));
              log.add("first " + Thread.currentThread().isVirtual());
            });
          });
          AsyncGenerator<Integer> generator =
              asyncGenerator(out -> {
                sleep(Duration.ofSeconds(1));
                out.yield(1);
              });
          try (generator) {
            for (int value : generator) {
              log.add("generated " + value);
            }
          }
        }));
    assertThat(log).containsExactly("first true", "second true", "generated 1");
  }

  // Real time: parking and unparking of the virtual thread is what this is about.
  @Test
  @DisplayName("it parks, is woken by a timer and by toThread, and comes back on any carrier")
  void parks() throws Exception {
    List<String> log = new ArrayList<>();
    onVirtualThread(() ->
        run(() -> {
          for (int i = 0; i < 200; i++) {
            Thread worker = toThread(Thread::currentThread);
            assertThat(worker).isNotSameAs(Thread.currentThread());
            if (i % 50 == 0) {
              sleep(Duration.ofMillis(2));
            }
          }
          log.add("done");
        }));
    assertThat(log).containsExactly("done");
  }

  // Real time: what blocks here is the JVM's own, and knows no other clock.
  @Test
  @DisplayName("blocking in a task parks the virtual thread, task and all, and harms neither")
  void blockingInsideTask() throws Exception {
    List<String> log = new ArrayList<>();
    onVirtualThread(() ->
        run(() -> {
          Task<Boolean> other = createTask(() -> log.add("other"));
          for (int i = 0; i < 20; i++) {
            Thread.sleep(1);
            sleep(Duration.ZERO);
          }
          other.await();
          log.add("main");
        }));
    assertThat(log).containsExactly("other", "main");
  }

  @Test
  @DisplayName("many loops on many virtual threads, which share two carriers")
  void manyLoops() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 50; i++) {
      int number = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  int result =
                      run(() -> {
                        int sum = 0;
                        for (int j = 0; j < 20; j++) {
                          int plus = j;
                          sum += toThread(() -> number + plus);
                        }
                        return sum;
                      });
                  assertThat(result).isEqualTo(20 * number + 190);
                } catch (Throwable e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  @DisplayName("an eager start inside synchronized keeps the monitor")
  void monitors() throws Exception {
    onVirtualThread(() ->
        VirtualLoop.run(() -> {
          for (int i = 0; i < 10_000; i++) {
            Object monitor = new Object();
            synchronized (monitor) {
              createTask(TaskOptions.eager(true), () -> sleep(Duration.ZERO));
              assertThat(Thread.holdsLock(monitor)).isTrue();
              monitor.notifyAll();
            }
            sleep(Duration.ZERO);
          }
        }));
  }

  @Test
  @DisplayName("scoped values stay with their tasks")
  void scopedValues() throws Exception {
    ScopedValue<String> name = ScopedValue.newInstance();
    onVirtualThread(() ->
        VirtualLoop.run(() ->
            taskGroup(group -> {
              for (String mine : List.of("a", "b", "c")) {
                group.createTask(() ->
                    ScopedValue.where(name, mine)
                        .call(() -> {
                          for (int i = 0; i < 1_000; i++) {
                            assertThat(name.get()).isEqualTo(mine);
                            sleep(Duration.ZERO);
                          }
                          return null;
                        }));
              }
            })));
    assertThat(name.isBound()).isFalse();
  }

  @Test
  @DisplayName("callbacks posted from another thread wake it")
  void threadsafe() throws Exception {
    onVirtualThread(() ->
        run(() -> {
          var loop = getRunningLoop();
          var future = loop.<String>createFuture();
          Thread poster =
              Thread.ofPlatform()
                  .start(() -> loop.callSoonThreadsafe(() -> future.setResult("posted")));
          assertThat(future.await()).isEqualTo("posted");
          poster.join();
        }));
  }
}
