package dev.lariat.acceptance.event;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.Task;
import dev.lariat.event.Registration;
import dev.lariat.event.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StateTest {
  @Test
  @DisplayName("await gives a value that fits at once, or waits until there is one")
  void await() {
    run(() -> {
      State<Integer> state = new State<>(1);
      assertThat(state.await(value -> value == 1)).isEqualTo(1);
      Task<Integer> task = createTask(() -> state.await(value -> value >= 3));
      tick();
      state.set(2);
      tick();
      assertThat(task.done()).isFalse();
      state.set(3);
      state.set(4); // by then it has got what it waited for
      assertThat(task.await()).isEqualTo(3);
    });
  }

  @Test
  @DisplayName("listeners are told of changes, not of equal values; each registration is its own")
  void listeners() {
    State<String> state = new State<>("a");
    List<String> seen = new ArrayList<>();
    Registration one = state.listen(seen::add);
    Registration two = state.listen(seen::add);
    state.set("a");
    assertThat(seen).isEmpty();
    state.set("b");
    assertThat(seen).containsExactly("b", "b");
    one.close();
    one.close();
    state.set("c");
    assertThat(seen).containsExactly("b", "b", "c");
    two.close();
    state.set("d");
    assertThat(seen).hasSize(3);
    assertThat(state).hasToString("State[d]");
  }

  @Test
  @DisplayName("a listener may add and remove listeners")
  void changedMeanwhile() {
    State<String> state = new State<>("a");
    List<String> seen = new ArrayList<>();
    List<Registration> own = new ArrayList<>();
    own.add(
        state.listen(value -> {
          own.removeFirst().close();
          state.listen(later -> seen.add("later " + later));
          seen.add(value);
        }));
    state.set("b");
    state.set("c");
    assertThat(seen).containsExactly("b", "later c");
  }

  @Test
  @DisplayName("bound both ways, each takes the other's value, and there is no echo")
  void bind() {
    State<String> property = new State<>("old"); // stands for a text field
    State<String> state = new State<>("new");
    List<String> written = new ArrayList<>();
    Registration binding =
        state.bind(
            property::get,
            value -> {
              written.add(value);
              property.set(value);
            },
            property);
    assertThat(property.get()).isEqualTo("new");
    property.set("typed");
    assertThat(state.get()).isEqualTo("typed");
    state.set("computed");
    assertThat(property.get()).isEqualTo("computed");
    assertThat(written).containsExactly("new", "computed");
    binding.close();
    property.set("apart");
    assertThat(state.get()).isEqualTo("computed");
    state.set("alone");
    assertThat(property.get()).isEqualTo("apart");
  }
}
