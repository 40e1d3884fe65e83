package dev.lariat.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That the other tests would see a leak, whichever of them came first. */
class LeaksTest {
  @Test
  @DisplayName("A buffer that nobody releases is found")
  void found() throws InterruptedException {
    forgetBuffer();
    List<String> found = Leaks.found();
    for (int i = 0; found.isEmpty(); i++) { // once the collector has been there
      assertThat(i).isLessThan(100);
      found = Leaks.found();
    }
    assertThat(found).singleElement().asString().contains("forgetBuffer");
  }

  /** Apart, so that no variable keeps it. */
  private static void forgetBuffer() {
    ByteBufAllocator.DEFAULT.buffer().writeByte(1);
  }
}
