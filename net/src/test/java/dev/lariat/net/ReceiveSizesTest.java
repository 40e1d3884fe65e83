package dev.lariat.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lariat.net.internal.ReceiveSizes;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sizes of the buffers that a stream is read into")
class ReceiveSizesTest {
  private final ExtendedHandle handle = (ExtendedHandle) new ReceiveSizes().newHandle();

  /** Reads what is there until a buffer is not full; gives the sizes of the buffers. */
  private List<Integer> read(int available) {
    List<Integer> sizes = new ArrayList<>();
    handle.reset(new EmbeddedChannel().config());
    int left = available;
    do {
      int size = handle.guess();
      sizes.add(size);
      int count = Math.min(size, left);
      left -= count;
      handle.attemptedBytesRead(size);
      handle.lastBytesRead(count);
      handle.incMessagesRead(1);
    } while (handle.continueReading(() -> handle.attemptedBytesRead() == handle.lastBytesRead()));
    handle.readComplete();
    return sizes;
  }

  @Test
  @DisplayName("one read a message, whatever its size, once that is known")
  void oneRead() {
    for (int bytes : new int[] {1, 64, 511, 2048, 16 * 1024, 20_000}) {
      for (int i = 0; i < 20; i++) {
        read(bytes);
      }
      for (int i = 0; i < 20; i++) {
        assertThat(read(bytes)).hasSize(1).allMatch(size -> size > bytes);
      }
    }
  }

  @Test
  @DisplayName("a peer that sends forever: up to 64 KiB, and down to 512 bytes when it has done")
  void bulk() {
    assertThat(read(1 << 20)).startsWith(2048, 4096, 8192, 16_384, 32_768, 65_536).contains(65_536);
    int reads = 0;
    while (read(10).getFirst() > 512) {
      reads++;
    }
    assertThat(reads).isEqualTo(37);
  }
}
