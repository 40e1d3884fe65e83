package dev.lariat.testkit.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OpsTest {
  /** Every op of the language. */
  private static final Set<String> OPS =
      Set.of(
          """
          acquire all_tasks as_completed await await_gather barrier barrier_abort barrier_reset
          barrier_state barrier_wait bounded_semaphore call call_at call_later call_soon
          call_soon_cancelling call_soon_raising call_soon_setting cancel cancel_handle cancelling
          clear condition condition_wait context_get context_set current_task event event_wait
          exception expired future gather gather_as get get_nowait group group_spawn is_set join
          lifo_queue lock locked log notify notify_all on_done priority_queue put put_nowait queue
          queue_state raise raise_cancelled release remove_on_done repeat reschedule result return
          semaphore set set_exception set_name set_result shield shutdown sleep spawn spawn_eager
          state task_done timeout timeout_at try uncancel wait wait_for when
          """
              .strip()
              .split("\\s+"));

  @Test
  @DisplayName("the programs use every op")
  void everyOpIsUsed() throws IOException {
    Set<String> used = new TreeSet<>();
    for (String file : List.of("random.jsonl", "extra.jsonl")) {
      try (InputStream in =
          Objects.requireNonNull(getClass().getResourceAsStream("/conformance/" + file))) {
        for (String program :
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
          Map<?, ?> coroutines = (Map<?, ?>) ((Map<?, ?>) Json.parse(program)).get("coroutines");
          coroutines.values().forEach(ops -> collect((List<?>) ops, used));
        }
      }
    }
    assertThat(used).containsAll(OPS);
  }

  /** Collects the heads of all lists; among them are the ops, at any depth. */
  private static void collect(List<?> list, Set<String> heads) {
    for (Object item : list) {
      if (item instanceof List<?> inner) {
        if (!inner.isEmpty() && inner.getFirst() instanceof String head) {
          heads.add(head);
        }
        collect(inner, heads);
      }
    }
  }
}
