package dev.lariat.hazards;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.Task;
import dev.lariat.TaskLocals;
import dev.lariat.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Thread-locals: shared by all tasks of a loop, unless it is told to carry them")
class ThreadLocalsTest {
  private static final ThreadLocal<String> USER = ThreadLocal.withInitial(() -> "nobody");
  private final List<String> seen = new ArrayList<>();

  @AfterEach
  void clear() {
    USER.remove();
  }

  private Action user(String name) {
    return () -> {
      seen.add(name + " begins as " + USER.get());
      USER.set(name);
      sleep(Duration.ofSeconds(1));
      seen.add(name + " goes on as " + USER.get());
    };
  }

  @Test
  @DisplayName("without a carrier the last one to set it wins")
  void shared() {
    VirtualLoop.run(() -> gather(createTask(user("a")), createTask(user("b"))).await());
    assertThat(seen)
        .containsExactly("a begins as nobody", "b begins as a", "a goes on as b", "b goes on as b");
  }

  @Test
  @DisplayName(
      "with one each task has its own, begins with its creator's, and the loop keeps its own")
  void carried() {
    VirtualLoop.run(() -> {
      getRunningLoop().setTaskLocals(TaskLocals.of(USER));
      createTask(
              () -> {
                USER.set("creator");
                getRunningLoop().callSoon(() -> seen.add("callback as " + USER.get()));
                gather(createTask(user("a")), createTask(user("b"))).await();
                seen.add("creator goes on as " + USER.get());
              })
          .await();
    });
    assertThat(seen)
        .containsExactly(
            "callback as nobody",
            "a begins as creator",
            "b begins as creator",
            "a goes on as a",
            "b goes on as b",
            "creator goes on as creator");
    assertThat(USER.get()).isEqualTo("nobody");
  }

  @Test
  @DisplayName("an eager task gives its creator's value back where it first suspends")
  void eager() {
    VirtualLoop.run(() -> {
      getRunningLoop().setTaskLocals(TaskLocals.of(USER));
      USER.set("creator");
      Task<Void> task = createTask(TaskOptions.eager(true), user("eager"));
      assertThat(USER.get()).isEqualTo("creator");
      task.await();
      assertThat(USER.get()).isEqualTo("creator");
    });
    assertThat(seen).containsExactly("eager begins as creator", "eager goes on as eager");
  }
}
