package dev.lariat.hazards;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.CancelledError;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Some frames cannot be suspended: native ones, static initialisers. Awaiting across one must say
 * what to do, and leave task, future and ready queue as if it had not been tried.
 */
@DisplayName("Awaiting across a frame that cannot be suspended")
class PinnedFramesTest {
  private static final MethodHandle QSORT;
  private static final MethodHandle COMPARE;

  static {
    try {
      QSORT = qsort();
      COMPARE =
          MethodHandles.lookup()
              .findStatic(
                  PinnedFramesTest.class,
                  "compare",
                  MethodType.methodType(
                      int.class, Upcall.class, MemorySegment.class, MemorySegment.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("restricted") // native access is what this is about
  private static MethodHandle qsort() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("qsort").orElseThrow(),
        FunctionDescriptor.ofVoid(
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS));
  }

  private interface Upcall {
    void run();
  }

  private static int compare(Upcall upcall, MemorySegment a, MemorySegment b) {
    try {
      upcall.run();
    } catch (Throwable e) {
      throw new AssertionError("an exception that leaves an upcall ends the JVM", e);
    }
    return 0;
  }

  /** Calls {@code upcall} from C, once. */
  @SuppressWarnings("restricted")
  private static void fromNative(Upcall upcall) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment comparator =
          Linker.nativeLinker()
              .upcallStub(
                  COMPARE.bindTo(upcall),
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
                  arena);
      MemorySegment two = arena.allocate(2);
      QSORT.invokeExact(two, 2L, 1L, comparator);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The error that {@code await} is refused with. */
  private static String refusal(Upcall await) {
    try {
      await.run();
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
    return "not refused";
  }

  @Test
  @DisplayName("await in an upcall from C: the error says to start a task instead")
  void upcall() {
    VirtualLoop.run(() -> {
      List<String> messages = new ArrayList<>();
      Future<String> future = getRunningLoop().createFuture();
      fromNative(() -> {
        messages.add(refusal(future::await));
        messages.add(refusal(() -> sleep(Duration.ZERO)));
        messages.add(refusal(() -> sleep(Duration.ofSeconds(1))));
      });
      assertThat(messages)
          .hasSize(3)
          .allSatisfy(message ->
              assertThat(message)
                  .startsWith("Cannot await here: a native frame is on the stack")
                  .contains("createTask"));
    });
  }

  @Test
  @DisplayName("after a refusal the same future can be awaited, and completes the task once")
  void futureIsAwaitedAgain() {
    VirtualLoop.run(() -> {
      Future<String> future = getRunningLoop().createFuture();
      List<String> log = new ArrayList<>();
      Task<Void> task =
          createTask(() -> {
            fromNative(() -> log.add(refusal(future::await).substring(0, 12)));
            log.add(future.await());
            sleep(Duration.ofSeconds(1)); // a stale wake-up would end this early
            log.add("slept until " + getRunningLoop().time().toSeconds());
          });
      sleep(Duration.ofSeconds(1));
      assertThat(future.toString()).contains("pending cb=1 callback");
      future.setResult("value");
      task.await();
      assertThat(log).containsExactly("Cannot await", "value", "slept until 2");
    });
  }

  @Test
  @DisplayName(
      "a refused sleep(0) leaves the ready queue as it was: the same items, in the same order")
  void readyQueueIsIntact() {
    VirtualLoop.run(() -> {
      List<String> log = new ArrayList<>();
      Task<Void> task =
          createTask(() -> {
            getRunningLoop().callSoon(() -> log.add("first"));
            fromNative(() -> refusal(() -> sleep(Duration.ZERO)));
            getRunningLoop().callSoon(() -> log.add("second"));
            fromNative(() -> refusal(() -> sleep(Duration.ZERO)));
            createTask(() -> log.add("third"));
            log.add("before");
            sleep(Duration.ZERO);
            log.add("after");
          });
      task.await();
      assertThat(log).containsExactly("before", "first", "second", "third", "after");
    });
  }

  @Test
  @DisplayName("a task started in the upcall runs, after the upcall")
  void taskStartedInUpcall() {
    VirtualLoop.run(() -> {
      List<Task<String>> started = new ArrayList<>();
      fromNative(() ->
          started.add(
              createTask(() -> {
                sleep(Duration.ofSeconds(1));
                return "done";
              })));
      assertThat(started.getFirst().await()).isEqualTo("done");
    });
  }

  @Test
  @DisplayName(
      "a task started eagerly in the upcall suspends: the native frame is not on its stack")
  void eagerTaskInUpcall() {
    VirtualLoop.run(() -> {
      List<Task<String>> started = new ArrayList<>();
      fromNative(() ->
          started.add(
              createTask(
                  TaskOptions.eager(true),
                  () -> {
                    sleep(Duration.ofSeconds(1));
                    return "done";
                  })));
      assertThat(started.getFirst().done()).isFalse();
      assertThat(started.getFirst().await()).isEqualTo("done");
    });
  }

  @Test
  @DisplayName("a generator advanced in the upcall: its yield is fine, its await is refused")
  void generatorInUpcall() {
    VirtualLoop.run(() -> {
      List<String> log = new ArrayList<>();
      var generator =
          asyncGenerator((dev.lariat.AsyncGenerator.Yielder<String> out) -> {
            out.yield("one");
            out.yield(refusal(() -> sleep(Duration.ofSeconds(1))));
            sleep(Duration.ofSeconds(1));
            out.yield("three");
          });
      fromNative(() -> {
        generator.advance();
        log.add(generator.current());
        generator.advance();
        log.add(generator.current());
      });
      generator.advance();
      log.add(generator.current());
      generator.close();
      assertThat(log).hasSize(3).startsWith("one").endsWith("three");
      assertThat(log.get(1)).startsWith("Cannot await here: a native frame is on the stack");
    });
  }

  @Test
  @DisplayName(
      "a task that was asked to cancel learns of it at its next await, not at the refused one")
  void cancelIsNotLost() {
    VirtualLoop.run(() -> {
      List<String> log = new ArrayList<>();
      Task<?>[] self = new Task<?>[1];
      self[0] =
          createTask(() -> {
            self[0].cancel();
            fromNative(() -> log.add(refusal(() -> sleep(Duration.ofSeconds(1)))));
            try {
              sleep(Duration.ofSeconds(1));
              log.add("slept");
            } catch (CancelledError cancelled) {
              log.add("cancelled");
              throw cancelled;
            }
          });
      sleep(Duration.ofSeconds(5));
      assertThat(self[0].cancelled()).as("%s", log).isTrue();
      assertThat(log).hasSize(2).endsWith("cancelled");
    });
  }

  /** Awaits while it is being initialised. */
  private static final class Initialiser {
    static final List<String> MESSAGES = new ArrayList<>();
    static Task<String> started;

    static {
      Future<String> future = getRunningLoop().createFuture();
      MESSAGES.add(refusal(future::await));
      MESSAGES.add(refusal(() -> sleep(Duration.ZERO)));
      started =
          createTask(() -> {
            sleep(Duration.ofSeconds(1));
            return "done";
          });
    }

    static List<String> messages() {
      return MESSAGES;
    }
  }

  @Test
  @DisplayName(
      "await in a static initialiser: the error names the class, and a task started there works")
  void staticInitialiser() {
    VirtualLoop.run(() -> {
      assertThat(Initialiser.messages())
          .hasSize(2)
          .allSatisfy(message ->
              assertThat(message)
                  .startsWith("Cannot await here: the static initialiser of ")
                  .contains(Initialiser.class.getName()));
      assertThat(Initialiser.started.await()).isEqualTo("done");
      sleep(Duration.ofSeconds(1));
    });
  }

  /** Runs a whole loop while it is being initialised, as a main class may. */
  private static final class LoopInInitialiser {
    static final List<String> MESSAGES = new ArrayList<>();

    static {
      VirtualLoop.run(() -> {
        sleep(Duration.ofSeconds(1)); // below the coroutine, an initialiser is in nobody's way
        fromNative(() -> MESSAGES.add(refusal(() -> sleep(Duration.ZERO))));
      });
    }

    static List<String> messages() {
      return MESSAGES;
    }
  }

  @Test
  @DisplayName("the error blames a frame of the coroutine, not one below the loop")
  void framesBelowAreNotBlamed() {
    assertThat(LoopInInitialiser.messages())
        .singleElement()
        .asString()
        .startsWith("Cannot await here: a native frame is on the stack");
  }
}
