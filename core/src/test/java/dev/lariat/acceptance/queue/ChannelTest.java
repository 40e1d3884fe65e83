package dev.lariat.acceptance.queue;

import static dev.lariat.Asyncio.createTask;
import static dev.lariat.acceptance.several.Programs.run;
import static dev.lariat.acceptance.several.Programs.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lariat.CancelledError;
import dev.lariat.QueueShutDownException;
import dev.lariat.Task;
import dev.lariat.queue.Channel;
import dev.lariat.queue.Overflow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static <T> List<T> all(Iterable<T> items) {
    List<T> list = new ArrayList<>();
    items.forEach(list::add);
    return list;
  }

  @Test
  @DisplayName("what is sent is iterated over until the channel is closed")
  void iteration() {
    run(() -> {
      Channel<Integer> channel = new Channel<>();
      Task<List<Integer>> reader = createTask(() -> all(channel));
      channel.send(1);
      tick();
      channel.send(2);
      channel.close();
      assertThat(channel.trySend(3)).isFalse();
      assertThatThrownBy(() -> channel.send(3)).isInstanceOf(QueueShutDownException.class);
      assertThat(reader.await()).containsExactly(1, 2);
      assertThat(channel.receive()).isNull();
      assertThat(channel.isClosed()).isTrue();
      assertThat(channel).hasToString("Channel[0 items, closed]");
    });
  }

  @Test
  @DisplayName("with SUSPEND a sender waits for room; closing wakes it")
  void suspend() {
    run(() -> {
      Channel<Integer> channel = new Channel<>(1, Overflow.SUSPEND);
      List<String> order = new ArrayList<>();
      Task<Void> sender =
          createTask(() -> {
            for (int i = 0; i < 3; i++) {
              channel.send(i);
              order.add("sent " + i);
            }
          });
      tick();
      assertThat(order).containsExactly("sent 0");
      assertThat(channel.trySend(9)).isFalse();
      assertThat(channel.receive()).isZero();
      tick();
      assertThat(order).containsExactly("sent 0", "sent 1");
      channel.close();
      assertThatThrownBy(sender::await).isInstanceOf(QueueShutDownException.class);
      assertThat(all(channel)).containsExactly(1);
    });
  }

  @Test
  @DisplayName("DROP_OLDEST keeps the newest items, DROP_NEWEST the oldest")
  void dropping() {
    run(() -> {
      Channel<Integer> newest = new Channel<>(2, Overflow.DROP_OLDEST);
      Channel<Integer> oldest = new Channel<>(2, Overflow.DROP_NEWEST);
      for (int i = 0; i < 5; i++) {
        assertThat(newest.trySend(i)).isTrue();
        assertThat(oldest.trySend(i)).isEqualTo(i < 1);
        oldest.send(i); // does not wait either
      }
      newest.close();
      oldest.close();
      assertThat(all(newest)).containsExactly(3, 4);
      assertThat(all(oldest)).containsExactly(0, 0);
    });
  }

  @Test
  @DisplayName("it is awaited while somebody waits for what has not been sent")
  void awaited() {
    run(() -> {
      Channel<Integer> channel = new Channel<>();
      assertThat(channel.isAwaited()).isFalse();
      Task<Integer> reader = createTask(channel::receive);
      tick();
      assertThat(channel.isAwaited()).isTrue();
      channel.send(1);
      assertThat(channel.isAwaited()).isFalse();
      assertThat(reader.await()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("a cancelled receiver loses no item")
  void cancelled() {
    run(() -> {
      Channel<Integer> channel = new Channel<>();
      Task<Integer> reader = createTask(channel::receive);
      tick();
      channel.send(1);
      reader.cancel();
      assertThatThrownBy(reader::await).isInstanceOf(CancelledError.class);
      assertThat(channel.isAwaited()).isFalse();
      assertThat(channel.receive()).isEqualTo(1);
    });
  }

  @Test
  @DisplayName("the iterator keeps the rules of iterators; several share the items")
  void iterators() {
    run(() -> {
      Channel<Integer> channel = new Channel<>();
      for (int i = 0; i < 3; i++) {
        channel.send(i);
      }
      channel.close();
      Iterator<Integer> one = channel.iterator();
      Iterator<Integer> other = channel.iterator();
      assertThat(one.hasNext()).isTrue();
      assertThat(one.hasNext()).isTrue();
      assertThat(one.next()).isZero();
      assertThat(other.next()).isEqualTo(1);
      assertThat(one.next()).isEqualTo(2);
      assertThat(other.hasNext()).isFalse();
      assertThatThrownBy(one::next).isInstanceOf(NoSuchElementException.class);
    });
  }

  @Test
  @DisplayName("closing twice calls onClose once; a capacity of none is refused")
  void edges() {
    List<String> closed = new ArrayList<>();
    Channel<Integer> channel = new Channel<>(1, Overflow.DROP_OLDEST);
    channel.onClose(() -> closed.add("closed"));
    channel.close();
    channel.close();
    assertThat(closed).hasSize(1);
    assertThatThrownBy(() -> new Channel<>(0, Overflow.SUSPEND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity must be 1 at least: 0");
  }
}
