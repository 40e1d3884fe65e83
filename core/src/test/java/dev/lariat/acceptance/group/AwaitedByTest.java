package dev.lariat.acceptance.group;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.currentTask;
import static dev.lariat.Asyncio.gather;
import static dev.lariat.Asyncio.getRunningLoop;
import static dev.lariat.Asyncio.run;
import static dev.lariat.Asyncio.shield;
import static dev.lariat.Asyncio.sleep;
import static dev.lariat.Asyncio.taskGroup;
import static dev.lariat.Asyncio.waitFutures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Action;
import dev.lariat.EventLoop;
import dev.lariat.Future;
import dev.lariat.Task;
import dev.lariat.host.VirtualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who waits for what. */
class AwaitedByTest {
  private static void inLoop(Action body) {
    run(body.toCoroutine(), () -> new EventLoop(new VirtualTime()));
  }

  private static Task<Void> started(Action body) {
    Task<Void> task = createTask(body);
    sleep(Duration.ZERO);
    return task;
  }

  @Test
  @DisplayName("TG-13 the children are awaited by the parent, until they are done")
  void taskGroupChildren() {
    inLoop(() -> {
      Task<?> parent = currentTask();
      taskGroup(group -> {
        Task<Void> child = group.createTask(() -> sleep(Duration.ofSeconds(1)));
        Task<Void> grandchild =
            group.createTask(() -> group.createTask(() -> sleep(Duration.ZERO)).await());
        assertThat(child.awaitedBy()).containsExactly(parent);
        assertThat(grandchild.awaitedBy()).containsExactly(parent);
        sleep(Duration.ofSeconds(2));
        assertThat(child.awaitedBy()).isEmpty();
      });
    });
  }

  @Test
  @DisplayName("GR-2 await, gather, wait and shield leave an edge, and take it away")
  void otherEdges() {
    inLoop(() -> {
      Future<Integer> future = getRunningLoop().createFuture();
      Task<Void> awaits = started(() -> future.await());
      Task<Void> gathers = started(() -> gather(future).await());
      Task<Void> waits = started(() -> waitFutures(List.of(future)));
      Task<Void> shields = started(() -> shield(future).await());
      assertThat(future.awaitedBy()).containsExactly(awaits, gathers, waits, shields);
      waits.cancel();
      sleep(Duration.ZERO);
      assertThat(future.awaitedBy()).containsExactly(awaits, gathers, shields);
      future.setResult(1);
      assertThat(future.awaitedBy()).isEmpty();
    });
  }
}
