package dev.lariat.gio.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operation works on, until its end. No {@link java.lang.foreign.Arena}: any thread may
 * free this, for whichever runs the main context is called back, and a shared arena costs more than
 * a short operation.
 */
@SuppressWarnings("restricted") // malloc and free
final class NativeMemory implements SegmentAllocator, AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle MALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("malloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

  private final List<MemorySegment> allocated = new ArrayList<>(2);

  /** Not zeroed. Aligned for anything of C's. */
  @Override
  public MemorySegment allocate(long size, long alignment) {
    MemorySegment memory = malloc(Math.max(size, 1));
    if (memory.address() == 0) {
      throw new OutOfMemoryError("malloc of " + size + " bytes failed");
    }
    allocated.add(memory);
    return memory.reinterpret(size);
  }

  private static MemorySegment malloc(long size) {
    try {
      return (MemorySegment) MALLOC.invokeExact(size);
    } catch (Throwable e) {
      throw e instanceof Error error ? error : new AssertionError(e);
    }
  }

  @Override
  public void close() {
    for (MemorySegment memory : allocated) {
      try {
        FREE.invokeExact(memory);
      } catch (Throwable e) {
        throw e instanceof Error error ? error : new AssertionError(e);
      }
    }
    allocated.clear();
  }
}
