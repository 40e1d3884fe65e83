package dev.lariat.acceptance.loop;

import static dev.lariat.Asyncio.asyncGenerator;
import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.AsyncGenerator;
import dev.lariat.AsyncGenerator.Yielder;
import dev.lariat.Asyncio;
import dev.lariat.CancelledError;
import dev.lariat.GeneratorExit;
import dev.lariat.Task;
import dev.lariat.TaskOptions;
import dev.lariat.TimeoutException;
import dev.lariat.acceptance.Logs;
import dev.lariat.acceptance.LoopTest;
import dev.lariat.acceptance.Trace;
import dev.lariat.context.ContextVar;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.logging.Level;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** LOOP-21: asynchronous generators, and how they are closed. */
class AsyncGeneratorTest extends LoopTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final ContextVar<String> VAR = ContextVar.withDefault("var", "default");

  /** Yields 1, 2, 3 and so on for ever, each after a second, and notes its end. */
  private static AsyncGenerator<Integer> counter(Trace trace) {
    return asyncGenerator((Yielder<Integer> out) -> {
      try {
        for (int i = 1; ; i++) {
          sleep(SECOND);
          out.yield(i);
        }
      } finally {
        trace.add("finally");
      }
    });
  }

  // -- values ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 a generator runs when asked, in the task that asks, and may await between values")
  void values() {
    run(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            trace.add(currentTask().getName() + " started");
            out.yield(1);
            sleep(SECOND);
            out.yield(2);
            trace.add("end");
          });
      trace.add("made");
      currentTask().setName("consumer");
      for (int value : generator) {
        trace.add(value);
      }
    });
    trace.assertEvents("made", "consumer started", 1, 2, "end");
    assertThat(loop.time()).isEqualTo(SECOND);
  }

  @Test
  @DisplayName("LOOP-21 other tasks go on while a generator awaits")
  void othersGoOn() {
    run(() -> {
      Task<Void> other =
          createTask(() -> {
            for (int i = 0; i < 3; i++) {
              sleep(SECOND.plusMillis(1));
              trace.add("other");
            }
          });
      try (AsyncGenerator<Integer> counter = counter(trace)) {
        for (int value : counter) {
          trace.add(value);
          if (value == 3) {
            break;
          }
        }
      }
      other.await();
    });
    trace.assertEvents(1, "other", 2, "other", 3, "finally", "other");
  }

  @Test
  @DisplayName("LOOP-21 null is a value; a generator may yield none at all")
  void nullAndNone() {
    run(() -> {
      AsyncGenerator<String> nulls =
          asyncGenerator(out -> {
            out.yield(null);
            out.yield(null);
          });
      List<String> values = new ArrayList<>();
      nulls.forEach(values::add);
      assertThat(values).containsExactly(null, null);
      assertThat(asyncGenerator(out -> {}).advance()).isFalse();
    });
  }

  @Test
  @DisplayName("LOOP-21 at the end advance stays false, and next has no element")
  void end() {
    run(() -> {
      AsyncGenerator<Integer> generator = asyncGenerator(out -> out.yield(1));
      Iterator<Integer> iterator = generator.iterator();
      assertThat(iterator.next()).isEqualTo(1);
      assertThat(iterator.hasNext()).isFalse();
      assertThat(iterator.hasNext()).isFalse();
      assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
      assertThat(generator.advance()).isFalse();
      assertThat(generator.iterator().hasNext()).as("a second iterator").isFalse();
    });
  }

  @Test
  @DisplayName(
      "LOOP-21 an exception of the body reaches whoever asked, as it is; then the generator has ended")
  void bodyFails() {
    run(() -> {
      for (Throwable error :
          List.of(new ArithmeticException(), new IOException(), new AssertionError())) {
        AsyncGenerator<Integer> generator =
            asyncGenerator(out -> {
              out.yield(1);
              sleep(SECOND);
              sneak(error);
            });
        assertThat(generator.advance()).isTrue();
        assertThatThrownBy(generator::advance).isSameAs(error);
        assertThat(generator.advance()).isFalse();
        generator.close();
      }
    });
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable error) throws E {
    throw (E) error;
  }

  @Test
  @DisplayName("LOOP-21 the body runs in the context of whoever asks")
  void context() {
    run(() -> {
      AsyncGenerator<String> generator =
          asyncGenerator(out -> {
            while (true) {
              out.yield(VAR.get());
            }
          });
      VAR.set("first");
      generator.advance();
      assertThat(generator.current()).isEqualTo("first");
      createTask(
              () -> {
                VAR.set("second");
                generator.advance();
                trace.add(generator.current());
              })
          .await();
      generator.close();
    });
    trace.assertEvents("second");
  }

  @Test
  @DisplayName("LOOP-21 one generator may iterate another, which may await")
  void nested() {
    run(() -> {
      AsyncGenerator<Integer> doubled =
          asyncGenerator(out -> {
            try (AsyncGenerator<Integer> counter = counter(trace)) {
              for (int value : counter) {
                sleep(SECOND);
                out.yield(value * 2);
              }
            }
          });
      try (doubled) {
        for (int value : doubled) {
          trace.add(value);
          if (value == 6) {
            break;
          }
        }
      }
    });
    trace.assertEvents(2, 4, 6, "finally");
    assertThat(loop.time()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  @DisplayName("LOOP-21 tasks may take turns with one generator")
  void handedOn() {
    run(() -> {
      try (AsyncGenerator<Integer> counter = counter(trace)) {
        for (int i = 0; i < 3; i++) {
          createTask(
                  () -> {
                    counter.advance();
                    trace.add(counter.current());
                  })
              .await();
        }
      }
    });
    trace.assertEvents(1, 2, 3, "finally");
  }

  // -- cancellation ------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 a task cancelled while a generator awaits: finally runs, the generator has ended")
  void cancelledInside() {
    run(() -> {
      AsyncGenerator<Integer> counter = counter(trace);
      Task<Boolean> task = createTask(() -> counter.advance());
      sleep(Duration.ZERO);
      task.cancel("stop");
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("stop");
      trace.assertEvents("finally");
      assertThat(counter.advance()).isFalse();
    });
  }

  @Test
  @DisplayName("LOOP-21 a body that catches the cancellation goes on yielding")
  void catchesCancellation() {
    run(() -> {
      AsyncGenerator<String> generator =
          asyncGenerator(out -> {
            try {
              sleep(Duration.ofDays(1));
            } catch (CancelledError cancelled) {
              out.yield("caught");
            }
            out.yield("goes on");
          });
      Task<Boolean> task = createTask(() -> generator.advance());
      sleep(Duration.ZERO);
      task.cancel();
      assertThat(task.await()).isTrue();
      assertThat(generator.current()).isEqualTo("caught");
      assertThat(generator.advance()).isTrue();
      assertThat(generator.current()).isEqualTo("goes on");
      generator.close();
    });
  }

  @Test
  @DisplayName("LOOP-21 a timeout inside a body between two values is the body's own")
  void timeoutInside() {
    run(() -> {
      AsyncGenerator<String> generator =
          asyncGenerator(out -> {
            try {
              Asyncio.timeout(SECOND, () -> sleep(Duration.ofDays(1)));
            } catch (TimeoutException e) {
              out.yield("timed out");
            }
          });
      assertThat(generator).containsExactly("timed out");
    });
  }

  // -- close -------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 close throws GeneratorExit where the body stands; finally may await; close again does nothing")
  void close() {
    run(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            try {
              out.yield(1);
              throw trace.unreachable();
            } catch (GeneratorExit exit) {
              trace.add("exit");
              throw exit;
            } finally {
              sleep(SECOND);
              trace.add("finally");
            }
          });
      generator.advance();
      generator.close();
      generator.close();
      assertThat(generator.advance()).isFalse();
    });
    trace.assertEvents("exit", "finally");
    assertThat(loop.time()).isEqualTo(SECOND);
  }

  @Test
  @DisplayName("LOOP-21 a generator closed before its first value never starts")
  void closeUnstarted() {
    run(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            throw trace.unreachable();
          });
      generator.close();
      assertThat(generator.advance()).isFalse();
    });
    trace.finish(1);
  }

  @Test
  @DisplayName(
      "LOOP-21 a body may answer close by returning, or by an exception, which close throws")
  void closeAnswers() {
    run(() -> {
      AsyncGenerator<Integer> returning =
          asyncGenerator(out -> {
            try {
              out.yield(1);
            } catch (GeneratorExit exit) {
              return;
            }
          });
      returning.advance();
      returning.close();

      AsyncGenerator<Integer> failing =
          asyncGenerator(out -> {
            try {
              out.yield(1);
            } catch (Throwable leaving) {
              throw new ArithmeticException("in catch (Throwable leaving)");
            }
          });
      failing.advance();
      assertThatThrownBy(failing::close).isInstanceOf(ArithmeticException.class);
      failing.close();
    });
  }

  @Test
  @DisplayName("LOOP-21 a body that yields when it is closed is told off, and has ended")
  void ignoresClose() {
    run(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            try {
              out.yield(1);
            } catch (GeneratorExit ignored) {
              out.yield(2);
            }
          });
      generator.advance();
      assertThatIllegalStateException()
          .isThrownBy(generator::close)
          .withMessageContaining("ignored GeneratorExit");
      assertThat(generator.advance()).isFalse();
    });
  }

  // -- misuse ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 a second task in a generator that awaits is refused; the first goes on undisturbed")
  void concurrentAdvance() {
    run(() -> {
      AsyncGenerator<Integer> counter = counter(trace);
      Task<Integer> first = createTask(() -> counter.advance() ? counter.current() : -1);
      sleep(Duration.ZERO);
      assertThatIllegalStateException()
          .isThrownBy(counter::advance)
          .withMessageContaining("already running");
      assertThat(first.await()).isEqualTo(1);
      assertThat(counter.advance()).isTrue();
      assertThat(counter.current()).isEqualTo(2);
      counter.close();
    });
    trace.assertEvents("finally");
  }

  @Test
  @DisplayName(
      "LOOP-21 close while a task is inside is refused, and the generator goes on undisturbed")
  void concurrentClose() {
    run(() -> {
      AsyncGenerator<Integer> counter = counter(trace);
      Task<Integer> first = createTask(() -> counter.advance() ? counter.current() : -1);
      sleep(Duration.ZERO);
      assertThatIllegalStateException()
          .isThrownBy(counter::close)
          .withMessageContaining("already running");
      assertThat(first.await()).isEqualTo(1);
      assertThat(counter.advance()).as("it was not closed").isTrue();
      assertThat(counter.current()).isEqualTo(2);
      trace.assertEvents();
      counter.close();
    });
    trace.assertEvents("finally");
  }

  @Test
  @DisplayName("LOOP-21 a body that asks itself for a value is refused")
  void reentrance() {
    run(() -> {
      List<AsyncGenerator<Integer>> self = new ArrayList<>();
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            assertThatIllegalStateException()
                .isThrownBy(() -> self.getFirst().advance())
                .withMessageContaining("already running");
            out.yield(1);
          });
      self.add(generator);
      assertThat(generator).containsExactly(1);
    });
  }

  @Test
  @DisplayName(
      "LOOP-21 yield outside the body is refused: after its end, and from another generator")
  void yieldOutside() {
    run(() -> {
      List<Yielder<Integer>> leaked = new ArrayList<>();
      AsyncGenerator<Integer> outer =
          asyncGenerator(out -> {
            leaked.add(out);
            AsyncGenerator<Integer> inner = asyncGenerator(ignored -> out.yield(1));
            assertThatIllegalStateException().isThrownBy(inner::advance);
            out.yield(2);
          });
      assertThat(outer.advance()).isTrue();
      assertThat(outer.current()).isEqualTo(2);
      assertThatIllegalStateException()
          .isThrownBy(() -> leaked.getFirst().yield(3))
          .withMessageContaining("outside the body");
      assertThat(outer.advance()).isFalse();
    });
  }

  @Test
  @DisplayName("LOOP-21 yield from a task that the body starts eagerly is refused")
  void yieldFromEagerTask() {
    run(() -> {
      AsyncGenerator<Integer> generator =
          asyncGenerator(out -> {
            Task<Void> child = createTask(TaskOptions.eager(true), () -> out.yield(1));
            assertThat(child.exception()).isInstanceOf(IllegalStateException.class);
            out.yield(2);
          });
      assertThat(generator).containsExactly(2);
    });
  }

  @Test
  @DisplayName("LOOP-21 null bodies are refused; advance outside a loop says that none is running")
  void otherMisuse() {
    assertThatNullPointerException()
        .isThrownBy(() -> asyncGenerator(null))
        .withMessageContaining("body");
    AsyncGenerator<Integer> generator = asyncGenerator(out -> out.yield(1));
    assertThatIllegalStateException()
        .isThrownBy(generator::advance)
        .withMessageContaining("No running event loop");
    run(() -> assertThat(generator).as("still usable").containsExactly(1));
  }

  // -- shutdown ----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 shutdownAsyncgens closes all that are open, side by side, and waits for them")
  void shutdown() {
    run(() -> {
      List<AsyncGenerator<Integer>> kept = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        Duration cleanup = Duration.ofSeconds(4 - i);
        String name = "closed " + i;
        AsyncGenerator<Integer> generator =
            asyncGenerator(out -> {
              try {
                out.yield(1);
              } finally {
                sleep(cleanup);
                trace.add(name);
              }
            });
        generator.advance();
        kept.add(generator);
      }
      AsyncGenerator<Integer> ended = asyncGenerator(out -> trace.add("ended"));
      ended.advance();
      AsyncGenerator<Integer> unstarted = asyncGenerator(out -> trace.add("never"));
      kept.add(unstarted);
      loop.shutdownAsyncgens();
      trace.add("shut down");
      assertThat(kept.getFirst().advance()).isFalse();
      loop.shutdownAsyncgens();
    });
    trace.assertEvents("ended", "closed 3", "closed 2", "closed 1", "shut down");
    assertThat(loop.time()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  @DisplayName(
      "LOOP-21 a generator that fails to close at shutdown is reported, be it an exception or an Error")
  void shutdownReports() {
    for (Throwable error : List.of(new ArithmeticException("close"), new AssertionError("close"))) {
      AsyncGenerator<Integer> failing =
          asyncGenerator(out -> {
            try {
              out.yield(1);
            } finally {
              sneak(error);
            }
          });
      run(() -> {
        failing.advance();
        loop.shutdownAsyncgens();
      });
      assertThat(takeReports())
          .singleElement()
          .satisfies(report -> {
            assertThat(report.message()).contains("closing of asynchronous generator");
            assertThat(report.exception()).isSameAs(error);
          });
    }
  }

  @Test
  @DisplayName("LOOP-21 a generator started after shutdown is warned of, and works")
  void startAfterShutdown() {
    try (Logs logs = new Logs()) {
      run(() -> {
        loop.shutdownAsyncgens();
        AsyncGenerator<Integer> late = asyncGenerator(out -> out.yield(1));
        assertThat(late.advance()).isTrue();
        late.close();
      });
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("started after shutdownAsyncgens()");
    }
  }

  // -- garbage -----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "LOOP-21 a generator that nobody refers to is closed by its loop, in a task; finally may await")
  void collected() {
    List<String> where = new ArrayList<>();
    run(() -> {
      abandon(where);
      collectGarbageUntil(() -> !closing().isEmpty());
      sleep(Duration.ofSeconds(2));
    });
    assertThat(where).containsExactly("finally in a task");
  }

  /** What the cleaner's thread has posted shows as a task, once the loop has had a turn. */
  private List<Task<?>> closing() {
    sleep(Duration.ZERO);
    return Asyncio.allTasks(loop).stream().filter(t -> t != currentTask()).toList();
  }

  private static void abandon(List<String> where) {
    AsyncGenerator<Integer> generator =
        asyncGenerator(out -> {
          try {
            out.yield(1);
          } finally {
            sleep(SECOND);
            where.add("finally in a " + (currentTask() == null ? "callback" : "task"));
          }
        });
    generator.advance();
  }

  @Test
  @DisplayName("LOOP-21 an iterator keeps its generator from being collected")
  void iteratorKeepsGenerator() {
    run(() -> {
      Iterator<Integer> iterator = counter(trace).iterator();
      assertThat(iterator.next()).isEqualTo(1);
      for (int i = 0; i < 5; i++) {
        System.gc();
        sleep(Duration.ZERO);
      }
      assertThat(iterator.next()).isEqualTo(2);
      loop.shutdownAsyncgens();
    });
    trace.assertEvents("finally");
  }

  @Test
  @DisplayName("LOOP-21 a generator collected after its loop was closed disturbs nobody")
  void collectedAfterClose() {
    List<String> where = new ArrayList<>();
    run(() -> abandon(where));
    loop.close();
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    assertThat(where).isEmpty();
  }
}
