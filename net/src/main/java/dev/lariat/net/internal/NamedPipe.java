package dev.lariat.net.internal;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens a named pipe, or a terminal, without blocking. The JDK's {@code open} waits until somebody
 * has the other end. Linux only, as epoll is.
 */
public final class NamedPipe {
  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int CHARACTER_DEVICE = 0020000;

  // The same for x86 and ARM.
  private static final int WRITE_ONLY = 1;
  private static final int NON_BLOCKING = 04000;
  private static final int CLOSED_ON_EXEC = 02000000;
  private static final int NO_READER = 6; // ENXIO

  private NamedPipe() {}

  /** Apart, because linking to native code may be refused: then only this fails. */
  private static final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = link();

    @SuppressWarnings("restricted") // open is what it is
    private static MethodHandle link() {
      return LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          Linker.Option.captureCallState("errno"));
    }
  }

  /** Opens {@code path} for one direction. */
  public static FileDescriptor open(Path path, Direction direction) throws IOException {
    int type = (Integer) Files.getAttribute(path, "unix:mode") & TYPE;
    if (type != PIPE && type != CHARACTER_DEVICE) {
      throw new IllegalArgumentException("This is neither a pipe nor a terminal: " + path);
    }
    int way = direction == Direction.OUTPUT ? WRITE_ONLY : 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.STATE);
      MemorySegment name = arena.allocateFrom(path.toString());
      int fd = (int) Native.OPEN.invokeExact(state, name, way | NON_BLOCKING | CLOSED_ON_EXEC);
      if (fd >= 0) {
        return new FileDescriptor(fd);
      }
      int errno = (int) Native.ERRNO.get(state, 0L);
      throw new IOException(
          errno == NO_READER
              ? "Nobody has " + path + " open to read from it"
              : "Cannot open " + path + " (errno " + errno + ")");
    } catch (Error | IOException | RuntimeException error) {
      throw error;
    } catch (Throwable error) {
      throw new AssertionError(error); // of a call into C
    }
  }
}
