package dev.lariat.acceptance.task;

import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.ensureFuture;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.Awaitable;
import dev.lariat.Coroutine;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.acceptance.LoopTest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** EF-1: ensureFuture. */
class EnsureFutureTest extends LoopTest {
  @Test
  @DisplayName("EF-1 a future and a task are given back as they are, done or not")
  void futures() {
    Future<Integer> future = loop.createFuture();
    Task<Integer> task = loop.createTask(() -> 1);
    assertThat(ensureFuture(future)).isSameAs(future);
    assertThat(ensureFuture(future, loop)).isSameAs(future);
    assertThat(ensureFuture(task)).isSameAs(task);
    future.setResult(1);
    assertThat(ensureFuture(future)).isSameAs(future);
    iterate();
  }

  @Test
  @DisplayName("EF-1 a future of another loop than the one given is refused")
  void foreignFuture() {
    try (EventLoop other = newLoop()) {
      Future<Integer> foreign = other.createFuture();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ensureFuture(foreign, loop))
          .withMessageContaining("different loop");
      assertThat(ensureFuture(foreign)).isSameAs(foreign);
    }
  }

  @Test
  @DisplayName("EF-1 a coroutine becomes a task, which starts in the next iteration")
  void coroutine() {
    run(() -> {
      Future<String> future =
          ensureFuture(() -> {
            trace.add("runs in " + (currentTask() == null ? "nothing" : "a task"));
            return "value";
          });
      assertThat(future).isInstanceOf(Task.class);
      trace.add("made");
      assertThat(future.await()).isEqualTo("value");
    });
    trace.assertEvents("made", "runs in a task");
  }

  @Test
  @DisplayName("EF-1 with a loop given, the task is that loop's, running or not")
  void coroutineOfLoop() {
    Coroutine<Integer> coroutine = () -> 1;
    Future<Integer> future = ensureFuture(coroutine, loop);
    assertThat(future.getLoop()).isSameAs(loop);
    assertThat(loop.runUntilComplete(future)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "EF-1 any other awaitable is awaited in a task; checked exceptions come out as usual")
  void otherAwaitables() {
    class Custom implements Awaitable<String> {
      @Override
      public String await() {
        sleep(Duration.ofSeconds(1));
        return "custom";
      }
    }
    class Failing implements Awaitable<String> {
      @Override
      public String await() throws IOException {
        throw new IOException();
      }
    }
    run(() -> {
      assertThat(ensureFuture(new Custom()).await()).isEqualTo("custom");
      Future<String> failing = ensureFuture(new Failing());
      assertThatThrownBy(failing::await).isInstanceOf(CompletionException.class);
      assertThat(failing.exception()).isInstanceOf(IOException.class);
    });
  }

  @Test
  @DisplayName("EF-1 without a loop at all a coroutine is refused, and null by name")
  void misuse() {
    assertThatIllegalStateException()
        .isThrownBy(() -> ensureFuture(() -> 1))
        .withMessageContaining("There is no current event loop");
    assertThatNullPointerException()
        .isThrownBy(() -> ensureFuture(null))
        .withMessageContaining("awaitable");
    assertThatNullPointerException()
        .isThrownBy(() -> ensureFuture(() -> 1, null))
        .withMessageContaining("loop");
  }
}
