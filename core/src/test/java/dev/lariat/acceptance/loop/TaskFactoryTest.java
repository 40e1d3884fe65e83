package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.ensureFuture;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Action;
import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskFactory;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-17 and LOOP-19: making futures and tasks, and others' kinds of them. */
class TaskFactoryTest extends LoopTest {
  /** A task of one's own. */
  private static final class MyTask<T extends @Nullable Object> extends Task<T> {
    static final List<String> CANCELS = new ArrayList<>();

    MyTask(EventLoop loop, Coroutine<? extends T> coroutine, TaskOptions options) {
      super(loop, coroutine, options);
    }

    @Override
    public boolean cancel(@Nullable String message) {
      CANCELS.add(getName());
      return super.cancel(message);
    }
  }

  /** Makes {@link MyTask}s, and remembers what it was asked for. */
  private final class MyFactory implements TaskFactory {
    final List<TaskOptions> asked = new ArrayList<>();

    @Override
    public <T extends @Nullable Object> Task<T> create(
        EventLoop of, Coroutine<T> coroutine, TaskOptions options) {
      assertThat(of).isSameAs(loop);
      asked.add(options);
      return new MyTask<>(of, coroutine, options);
    }
  }

  // -- LOOP-17 -----------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-17 createFuture makes a pending future of the loop")
  void createsFuture() {
    Future<String> future = loop.createFuture();
    assertThat(future.done()).isFalse();
    assertThat(future.getLoop()).isSameAs(loop);
  }

  @Test
  @DisplayName("LOOP-17 createTask takes a name, a context and an eager start, or none of them")
  void createsTask() {
    Context context = new Context();
    TaskOptions options = new TaskOptions("name", context, false);
    Task<Integer> task = loop.createTask(options, () -> 1);
    assertThat(task.getName()).isEqualTo("name");
    assertThat(task.getContext()).isEqualTo(context);
    assertThat(task.getLoop()).isSameAs(loop);
    assertThat(loop.runUntilComplete(task)).isEqualTo(1);
    assertThat(loop.runUntilComplete(loop.createTask(() -> 2))).isEqualTo(2);
    Task<Void> withoutValue = loop.createTask(TaskOptions.named("void"), () -> trace.add("ran"));
    assertThat(loop.runUntilComplete(withoutValue)).isNull();
    trace.assertEvents("ran");
  }

  @Test
  @DisplayName("LOOP-17 null coroutines and options are refused, and make nothing")
  void refusesNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> loop.createTask((Coroutine<?>) null))
        .withMessageContaining("coroutine");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.createTask((Action) null))
        .withMessageContaining("coroutine");
    assertThatNullPointerException()
        .isThrownBy(() -> loop.createTask(null, () -> 1))
        .withMessageContaining("options");
    assertThat(Asyncio.allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("LOOP-17 the factory that was set makes the tasks; null gives the default back")
  void usesFactory() {
    MyFactory factory = new MyFactory();
    assertThat(loop.getTaskFactory()).isNull();
    loop.setTaskFactory(factory);
    assertThat(loop.getTaskFactory()).isSameAs(factory);
    Task<Integer> task = loop.createTask(() -> 1);
    assertThat(task).isInstanceOf(MyTask.class);
    loop.setTaskFactory(null);
    assertThat(loop.getTaskFactory()).isNull();
    assertThat(loop.createTask(() -> 2)).isExactlyInstanceOf(Task.class);
    assertThat(loop.runUntilComplete(task)).isEqualTo(1);
  }

  @Test
  @DisplayName("LOOP-17 the factory is given name, context and eager start as they were asked for")
  void passesOptions() {
    MyFactory factory = new MyFactory();
    loop.setTaskFactory(factory);
    Context context = new Context();
    loop.createTask(() -> 1);
    loop.createTask(TaskOptions.named("a"), () -> 1);
    loop.createTask(new TaskOptions("b", context, true), () -> {});
    assertThat(factory.asked)
        .containsExactly(
            TaskOptions.DEFAULT, TaskOptions.named("a"), new TaskOptions("b", context, true));
    iterate();
  }

  @Test
  @DisplayName("LOOP-17 whatever makes tasks uses the factory: run, gather, groups, ensureFuture")
  void usedByEverything() {
    MyFactory factory = new MyFactory();
    loop.setTaskFactory(factory);
    run(() -> {
      createTask(() -> 1).await();
      ensureFuture(() -> 2).await();
      gather(() -> 3, () -> 4).await();
      taskGroup(group -> {
        group.createTask(TaskOptions.named("in group"), () -> 5);
      });
    });
    assertThat(factory.asked).hasSize(1 + 1 + 1 + 2 + 1);
    assertThat(factory.asked.getLast().name()).isEqualTo("in group");
  }

  @Test
  @DisplayName("LOOP-17 a factory that fails is heard by the caller; no task is left behind")
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
    assertThatThrownBy(() -> loop.createTask(() -> 1)).isSameAs(error);
    assertThatThrownBy(() -> loop.runUntilComplete(() -> 1)).isSameAs(error);
    assertThat(Asyncio.allTasks(loop)).isEmpty();
  }

  @Test
  @DisplayName("LOOP-17 a factory may wrap the coroutine of every task")
  void wrapsCoroutine() {
    loop.setTaskFactory(
        new TaskFactory() {
          @Override
          public <T extends @Nullable Object> Task<T> create(
              EventLoop of, Coroutine<T> coroutine, TaskOptions options) {
            return new Task<>(
                of,
                () -> {
                  trace.add("before");
                  try {
                    return coroutine.run();
                  } finally {
                    trace.add("after");
                  }
                },
                options);
          }
        });
    run(() -> sleep(Duration.ofSeconds(1)));
    trace.assertEvents("before", "after");
  }

  // -- LOOP-19 -----------------------------------------------------------------------------------

  @Test
  @DisplayName("LOOP-19 the cancel that a task subclass overrides is the one that everybody calls")
  void overriddenCancel() {
    MyTask.CANCELS.clear();
    loop.setTaskFactory(new MyFactory());
    run(() -> {
      Task<?> one = createTask(TaskOptions.named("one"), () -> sleep(Duration.ofDays(1)));
      Task<?> two = createTask(TaskOptions.named("two"), () -> one.await());
      sleep(Duration.ZERO);
      var all = gather(two);
      sleep(Duration.ZERO);
      all.cancel(); // goes to two, and from there to what it waits for
      sleep(Duration.ZERO);
    });
    assertThat(MyTask.CANCELS).containsExactly("two", "one");
  }

  @Test
  @DisplayName(
      "LOOP-19 a future subclass of one's own can be awaited, and hears of being cancelled")
  void futureSubclass() {
    final class MyFuture extends Future<String> {
      MyFuture() {
        super(loop);
      }

      @Override
      public boolean cancel(@Nullable String message) {
        trace.add("cancel " + message);
        return super.cancel(message);
      }
    }
    run(() -> {
      MyFuture value = new MyFuture();
      loop.callSoon(() -> value.setResult("value"));
      trace.add(value.await());
      Task<?> waiting = createTask(() -> new MyFuture().await());
      sleep(Duration.ZERO);
      waiting.cancel("message");
      sleep(Duration.ZERO);
    });
    trace.assertEvents("value", "cancel message");
  }

  @Test
  @DisplayName(
      "LOOP-19 a future that refuses to be cancelled keeps its awaiter waiting; the next await is cancelled")
  void futureRefusesCancel() {
    final class Stubborn extends Future<String> {
      Stubborn() {
        super(loop);
      }

      @Override
      public boolean cancel(@Nullable String message) {
        return false;
      }
    }
    run(() -> {
      Stubborn stubborn = new Stubborn();
      Task<?> waiting =
          createTask(() -> {
            try {
              trace.add(stubborn.await());
            } finally {
              trace.add("woken");
            }
          });
      sleep(Duration.ZERO);
      waiting.cancel();
      sleep(Duration.ofSeconds(1));
      trace.add("still waiting: " + !waiting.done());
      stubborn.setResult("value");
      sleep(Duration.ZERO);
      trace.add("cancelled: " + waiting.cancelled());
    });
    // the request is kept, and takes the place of the value that the task was woken with
    trace.assertEvents("still waiting: true", "woken", "cancelled: true");
  }

  @Test
  @DisplayName("LOOP-19 a poller of one's own drives the loop: it waits, wakes and tells the time")
  void ownPoller() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      assertThat(polled.runUntilComplete(() -> sleep(Duration.ofSeconds(1), "done")))
          .isEqualTo("done");
      assertThat(polled.time()).isEqualTo(Duration.ofSeconds(1));
      assertThat(poller.polls).contains(Duration.ofSeconds(1).toNanos());
    }
  }

  @Test
  @DisplayName("LOOP-19 an exception of the poller leaves the loop, which can be run again")
  void pollerFails() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      poller.events.add(() -> {
        throw new IllegalStateException("poll failed");
      });
      polled.callSoon(trace.adds("kept"));
      assertThatThrownBy(polled::runForever).hasMessage("poll failed");
      assertThat(polled.isRunning()).isFalse();
      polled.stop();
      polled.runForever();
      trace.assertEvents("kept");
    }
  }
}
