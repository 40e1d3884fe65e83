package dev.lariat.gio;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import org.gnome.gio.MemoryInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What operations leave behind: nothing. */
class MemoryTest extends GioTest {
  private static final int OPERATIONS = Integer.getInteger("lariat.gio.operations", 1_000_000);

  @Test
  @DisplayName("a million operations leave no more memory in use than the first of them")
  void flat() {
    run(() -> {
      MemoryInputStream stream = new MemoryInputStream();
      long before = 0;
      for (int i = 0; i < OPERATIONS; i++) {
        if (i == OPERATIONS / 5) { // nearly all is compiled by then
          before = usedKib();
        }
        InputStreamAwait.skip(stream, 0, PRIORITY);
      }
      // A leak of 64 bytes an operation would be more; java-gi's own callbacks leak 13 KB.
      assertThat(usedKib() - before).isLessThan(50_000);
    });
  }

  /**
   * What is in use of C's heap, and of the JVM's memory for code and classes. Java's heap is left
   * out, and what the process has of the system: java-gi makes an arena for each operation, and
   * these wait for the one thread that closes them, which on a busy machine is far behind.
   */
  private static long usedKib() {
    System.gc();
    return (allocated() + ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed())
        / 1024;
  }

  /** {@code mallinfo2()}: {@code uordblks} and {@code hblkhd}. */
  @SuppressWarnings("restricted")
  private static long allocated() {
    Linker linker = Linker.nativeLinker();
    MethodHandle mallinfo =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("mallinfo2"),
            FunctionDescriptor.of(
                MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG))));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
      return told.getAtIndex(JAVA_LONG, 7) + told.getAtIndex(JAVA_LONG, 4);
    } catch (Throwable error) {
      throw new AssertionError(error);
    }
  }
}
