package dev.lariat.gio;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.Asyncio.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.Task;
import dev.lariat.event.Backpressure;
import dev.lariat.event.EventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.gnome.gio.SimpleAction;
import org.gnome.glib.Variant;
import org.gnome.glib.VariantType;
import org.javagi.gobject.SignalConnection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signals awaited once, iterated over, and properties awaited. */
class SignalsTest extends GioTest {
  private final List<SignalConnection<?>> connections = new ArrayList<>();

  private final SimpleAction action = new SimpleAction("action", new VariantType("i"));

  private EventSource<Integer> activations() {
    return Signals.of(number -> {
      SignalConnection<?> connection =
          action.onActivate(parameter -> number.accept(parameter.getInt32()));
      connections.add(connection);
      return connection;
    });
  }

  private void activate(int number) {
    action.activate(Variant.int32(number));
  }

  @Test
  @DisplayName("a signal is awaited once, and its handler disconnected")
  void once() {
    run(() -> {
      loop.callLater(Duration.ofMillis(2), () -> activate(7));
      assertThat(activations().next()).isEqualTo(7);
      assertThat(connections).hasSize(1).noneMatch(SignalConnection::isConnected);
    });
  }

  @Test
  @DisplayName("cancelling disconnects the handler")
  void cancelled() {
    run(() -> {
      Task<Integer> task = createTask(() -> activations().next());
      sleep(Duration.ZERO);
      assertThat(connections).hasSize(1).allMatch(SignalConnection::isConnected);
      task.cancel();
      assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
      assertThat(connections).noneMatch(SignalConnection::isConnected);
    });
  }

  @Test
  @DisplayName("signals are iterated over in order, none is lost, and the end disconnects")
  void iterated() {
    run(() -> {
      Task<Void> emitter =
          createTask(() -> {
            for (int i = 0; i < 5; i++) {
              activate(2 * i);
              activate(2 * i + 1);
              sleep(Duration.ofMillis(1));
            }
          });
      List<Integer> seen = new ArrayList<>();
      try (var numbers = activations().events(Backpressure.BUFFER)) {
        for (int number : numbers) {
          seen.add(number);
          if (number == 9) {
            break;
          }
        }
      }
      assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      assertThat(connections).hasSize(1).noneMatch(SignalConnection::isConnected);
      emitter.await();
    });
  }

  @Test
  @DisplayName("a property is awaited: at once if it has the value, else until it is told of")
  void property() {
    run(() -> {
      SimpleAction enabled = new SimpleAction("other", null);
      assertThat(Signals.property(enabled, "enabled", enabled::getEnabled, on -> on)).isTrue();
      loop.callLater(Duration.ofMillis(2), () -> enabled.setEnabled(false));
      assertThat(Signals.property(enabled, "enabled", enabled::getEnabled, on -> !on)).isFalse();
    });
  }
}
