package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.ensureFuture;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.runCoroutineThreadsafe;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.toThread;
import static dev.lariat.Asyncio.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.lariat.Asyncio;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.RecordingPoller;
import dev.lariat.context.Context;
import dev.lariat.context.ContextVar;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** TASK-4, CTX-1 and CTX-2. */
class TaskContextTest extends LoopTest {
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  private static TaskOptions in(Context context) {
    return TaskOptions.DEFAULT.withContext(context);
  }

  // -- TASK-4 ------------------------------------------------------------------------------------

  @Test
  @DisplayName("TASK-4 a task runs in a copy of its creator's context, taken when it is made")
  void copiesContext() {
    run(() -> {
      VAR.set("when made");
      Task<String> task =
          createTask(() -> {
            String seen = VAR.get();
            VAR.set("by child");
            return seen;
          });
      VAR.set("after it was made");
      assertThat(task.await()).isEqualTo("when made");
      assertThat(VAR.get()).isEqualTo("after it was made");
      assertThat(task.getContext().get(VAR)).isEqualTo("by child");
    });
    assertThat(VAR.get()).isEqualTo("default");
  }

  @Test
  @DisplayName("TASK-4 every step of a task runs in its context, however it is woken")
  void everyStep() {
    run(() -> {
      VAR.set("main");
      Future<Integer> future = loop.createFuture();
      Task<Void> waker =
          createTask(() -> {
            VAR.set("waker");
            sleep(Duration.ofSeconds(3));
            future.setResult(1);
          });
      sleep(Duration.ZERO);
      trace.add(VAR.get());
      sleep(Duration.ofSeconds(1));
      trace.add(VAR.get());
      future.await();
      trace.add(VAR.get());
      waker.await();
      trace.add(VAR.get());
      toThread(() -> VAR.set("thread"));
      trace.add(VAR.get());
    });
    trace.assertEvents("main", "main", "main", "main", "main");
  }

  @Test
  @DisplayName("TASK-4 tasks do not see each other's values, interleaved as they run")
  void isolated() {
    for (String name : new String[] {"a", "b", "c"}) {
      loop.createTask(() -> {
        VAR.set(name);
        for (int i = 0; i < 3; i++) {
          sleep(Duration.ZERO);
          assertThat(VAR.get()).isEqualTo(name);
          VAR.set(VAR.get());
        }
        trace.add(name);
      });
    }
    for (int i = 0; i < 4; i++) {
      iterate();
      assertThat(VAR.get()).as("outside").isEqualTo("default");
    }
    trace.assertEvents("a", "b", "c");
  }

  @Test
  @DisplayName("TASK-4 a given context is shared, not copied: what the task sets stays there")
  void sharedContext() {
    Context context = new Context();
    run(() -> {
      VAR.set("main");
      createTask(in(context), () -> assertThat(VAR.get()).isEqualTo("default")).await();
      createTask(in(context), () -> VAR.set("first").variable()).await();
      createTask(in(context), () -> trace.add(VAR.get())).await();
    });
    trace.assertEvents("first");
    assertThat(context.get(VAR)).isEqualTo("first");
  }

  @Test
  @DisplayName("TASK-4 two tasks may share a context and take turns in it")
  void sharedByTwo() {
    Context context = new Context();
    for (String name : new String[] {"a", "b"}) {
      loop.createTask(
          in(context),
          () -> {
            trace.add(VAR.get());
            VAR.set(name);
            sleep(Duration.ZERO);
            trace.add(name + " sees " + VAR.get());
          });
    }
    iterate();
    iterate();
    trace.assertEvents("default", "a", "a sees b", "b sees b");
  }

  @Test
  @DisplayName("TASK-4 getContext gives the task's own context: the same each time, the given one")
  void getContext() {
    Context context = new Context();
    Task<Void> given = loop.createTask(in(context), () -> {});
    Task<?> own = loop.createTask(() -> VAR.set("own"));
    assertThat(given.getContext()).isEqualTo(context);
    assertThat(own.getContext()).isEqualTo(own.getContext()).isNotEqualTo(context);
    iterate();
    assertThat(own.getContext().get(VAR)).as("after its end").isEqualTo("own");
  }

  @Test
  @DisplayName("TASK-4 a coroutine that is awaited, not made a task, runs in the awaiter's context")
  void awaitedCoroutine() {
    run(() -> {
      Asyncio.await(() -> VAR.set("inner"));
      assertThat(VAR.get()).isEqualTo("inner");
      waitFor(() -> VAR.set("in waitFor"), Duration.ofSeconds(1));
      assertThat(VAR.get()).isEqualTo("in waitFor");
    });
  }

  @Test
  @DisplayName("TASK-4 values set and reset around an await are undone for this task only")
  void resetAroundAwait() {
    run(() -> {
      Task<Void> other =
          createTask(() -> {
            for (int i = 0; i < 3; i++) {
              assertThat(VAR.get()).isEqualTo("default");
              sleep(Duration.ZERO);
            }
          });
      try (ContextVar.Token<String> token = VAR.set("scoped")) {
        sleep(Duration.ZERO);
        assertThat(VAR.get()).isEqualTo("scoped");
        assertThat(token.variable()).isSameAs(VAR);
      }
      assertThat(VAR.get()).isEqualTo("default");
      other.await();
    });
  }

  @Test
  @DisplayName("TASK-4 a token of one task's context is refused in another's")
  void foreignToken() {
    run(() -> {
      ContextVar.Token<String> token = VAR.set("main");
      createTask(() ->
              assertThatIllegalArgumentException()
                  .isThrownBy(() -> VAR.reset(token))
                  .withMessageContaining("another context"))
          .await();
      VAR.reset(token);
      assertThatIllegalStateException()
          .isThrownBy(() -> VAR.reset(token))
          .withMessageContaining("already been used");
    });
  }

  @Test
  @DisplayName("TASK-4 Context.run may await inside, and gives the task its own context back")
  void contextRunAwaits() {
    Context context = new Context();
    run(() -> {
      VAR.set("task's");
      Task<Void> other =
          createTask(() -> {
            assertThat(VAR.get()).isEqualTo("task's");
            sleep(Duration.ZERO);
            assertThat(VAR.get()).isEqualTo("task's");
          });
      context.run(() -> {
        VAR.set("context's");
        sleep(Duration.ZERO);
        assertThat(VAR.get()).isEqualTo("context's");
        sleep(Duration.ZERO);
      });
      assertThat(VAR.get()).isEqualTo("task's");
      other.await();
    });
    assertThat(context.get(VAR)).isEqualTo("context's");
  }

  // -- CTX-1 -------------------------------------------------------------------------------------

  /**
   * Sets the variable, has {@code schedule} schedule a callback, changes the variable, and runs it.
   */
  private void assertCopied(Consumer<Runnable> schedule) {
    new Context()
        .run(() -> {
          VAR.set("when scheduled");
          schedule.accept(() -> {
            trace.add(VAR.get());
            VAR.set("by callback");
          });
          VAR.set("later");
          iterate();
          assertThat(VAR.get()).isEqualTo("later");
        });
    trace.assertEvents("when scheduled");
  }

  @Test
  @DisplayName(
      "CTX-1 callSoon, callLater, callAt, callSoonThreadsafe and done callbacks run in a copy")
  void copies() {
    assertCopied(loop::callSoon);
    assertCopied(callback -> loop.callLater(Duration.ZERO, callback));
    assertCopied(callback -> loop.callAt(Duration.ZERO, callback));
    assertCopied(loop::callSoonThreadsafe);
    assertCopied(callback -> {
      Future<Integer> future = loop.createFuture();
      future.addDoneCallback(done -> callback.run());
      future.setResult(1);
    });
    assertCopied(callback -> loop.createTask(callback::run));
    assertCopied(callback -> ensureFuture(toCoroutine(callback), loop));
  }

  private static Coroutine<Void> toCoroutine(Runnable callback) {
    return () -> {
      callback.run();
      return null;
    };
  }

  /**
   * Has {@code schedule} schedule a callback in a given context, and looks whether it runs there.
   */
  private void assertGiven(BiConsumer<Runnable, Context> schedule) {
    Context context = new Context();
    context.run(() -> VAR.set("given"));
    schedule.accept(
        () -> {
          trace.add(VAR.get());
          VAR.set("by callback");
        },
        context);
    iterate();
    trace.assertEvents("given");
    assertThat(context.get(VAR)).isEqualTo("by callback");
    assertThat(VAR.get()).isEqualTo("default");
  }

  @Test
  @DisplayName("CTX-1 a given context overrides that everywhere, and is not copied")
  void givenContexts() {
    assertGiven(loop::callSoon);
    assertGiven((callback, context) -> loop.callLater(Duration.ZERO, callback, context));
    assertGiven((callback, context) -> loop.callAt(Duration.ZERO, callback, context));
    assertGiven(loop::callSoonThreadsafe);
    assertGiven((callback, context) -> {
      Future<Integer> future = loop.createFuture();
      future.addDoneCallback(done -> callback.run(), context);
      future.setResult(1);
    });
    assertGiven((callback, context) -> loop.createTask(in(context), callback::run));
  }

  @Test
  @DisplayName("CTX-1 toThread hands a copy over; runInExecutor hands nothing over")
  void threads() {
    run(() -> {
      VAR.set("task's");
      assertThat(
              toThread(() -> {
                String seen = VAR.get();
                VAR.set("thread's");
                return seen;
              }))
          .isEqualTo("task's");
      assertThat(VAR.get()).isEqualTo("task's");
      assertThat(loop.runInExecutor(null, () -> VAR.get()).await()).isEqualTo("default");
    });
  }

  @Test
  @DisplayName(
      "CTX-1 runCoroutineThreadsafe runs the coroutine in a copy of the calling thread's context")
  void threadsafeCoroutine() {
    inOtherThread(() -> {
      VAR.set("other thread's");
      runCoroutineThreadsafe(
          () -> {
            trace.add(VAR.get());
            VAR.set("task's");
          },
          loop);
    });
    iterate();
    iterate();
    trace.assertEvents("other thread's");
  }

  @Test
  @DisplayName("CTX-1 gather's coroutines each have a copy")
  void gathered() {
    run(() -> {
      VAR.set("main");
      assertThat(
              gather(
                      () -> VAR.get() + VAR.set("a").variable().get(),
                      () -> VAR.get() + VAR.set("b").variable().get())
                  .await())
          .containsExactly("maina", "mainb");
      assertThat(VAR.get()).isEqualTo("main");
    });
  }

  @Test
  @DisplayName(
      "CTX-1 the context of the thread that runs the loop is the one it had, after the run")
  void threadsContextIsRestored() {
    new Context()
        .run(() -> {
          VAR.set("thread's");
          run(() -> VAR.set("task's"));
          loop.callSoon(() -> VAR.set("callback's"));
          iterate();
          assertThat(VAR.get()).isEqualTo("thread's");
        });
  }

  // -- CTX-2 -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "CTX-2 an I/O event does not run in the context of the task that happened to run last")
  void ioEvents() {
    RecordingPoller poller = new RecordingPoller();
    try (EventLoop polled = new EventLoop(poller)) {
      Runnable notes = () -> trace.add(VAR.get());
      poller.events.add(() -> {});
      poller.events.add(notes); // what the poller does itself
      poller.events.add(() -> polled.callSoon(notes)); // and what it schedules
      polled.runUntilComplete(() -> {
        VAR.set("task's");
        for (int i = 0; i < 3; i++) {
          sleep(Duration.ZERO);
        }
      });
    }
    trace.assertEvents("default", "default");
  }

  @Test
  @DisplayName(
      "CTX-2 a callback that a task completes runs in its own context, not in that of the task")
  void completedByTask() {
    Future<Integer> future = loop.createFuture();
    future.addDoneCallback(done -> trace.add(VAR.get()));
    run(() -> {
      VAR.set("task's");
      future.setResult(1);
      sleep(Duration.ZERO);
      assertThat(currentTask()).isNotNull();
    });
    trace.assertEvents("default");
  }
}
