package dev.lariat.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import sun.misc.Signal;

/**
 * Sends any signal to a child, and to nobody else.
 *
 * <p>A process id may be used again as soon as the JDK has reaped the child, at any moment. On
 * Linux a descriptor of the process is opened first; if the child is alive after that, by its start
 * time, then the descriptor is the child's for good, and the signal goes to that. Elsewhere the
 * signal follows the check at once.
 */
final class Kill {
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;
  private static final long PIDFD_OPEN = 434; // the same on every architecture
  private static final long PIDFD_SEND_SIGNAL = 424;

  private Kill() {}

  /** Apart, because linking to native code may be refused: then only signals fail. */
  private static final class Native {
    private static final Linker LINKER = Linker.nativeLinker();
    static final MethodHandle KILL =
        link(
            "kill",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle CLOSE =
        link("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    static final MethodHandle SYSCALL =
        link(
            "syscall",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    @SuppressWarnings("restricted") // kill, close and syscall are what they are
    private static MethodHandle link(
        String name, FunctionDescriptor type, Linker.Option... options) {
      MemorySegment address = LINKER.defaultLookup().findOrThrow(name);
      return LINKER.downcallHandle(address, type, options);
    }
  }

  static int number(String signal) {
    String name = signal.startsWith("SIG") ? signal.substring(3) : signal;
    try {
      return new Signal(name).getNumber();
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "There is no signal SIG" + name + " here; names are such as TERM, INT, USR1.", unknown);
    }
  }

  /** Sends a signal, unless the child has ended. */
  static void send(ProcessHandle child, int signal) {
    if (Subprocess.WINDOWS) {
      throw new UnsupportedOperationException(
          "Windows has no signals; a child can be ended with terminate() or kill().");
    }
    try {
      if (!LINUX || !sendByDescriptor(child, signal)) {
        if (child.isAlive()) {
          int _ = (int) Native.KILL.invokeExact((int) child.pid(), signal);
        }
      }
    } catch (Error error) {
      throw error;
    } catch (Throwable error) {
      throw new UnsupportedOperationException("Cannot send signals: " + error, error);
    }
  }

  /** Asks a child to end, or has it end, unless it has ended. */
  static void end(ProcessHandle child, boolean forcibly) {
    try {
      if (LINUX && sendByDescriptor(child, forcibly ? SIGKILL : SIGTERM)) {
        return;
      }
    } catch (Throwable notLinked) {
      // native code is forbidden
    }
    boolean _ = forcibly ? child.destroyForcibly() : child.destroy(); // checks the start time
  }

  /** Links to native code, which takes a while and would be done by the first signal otherwise. */
  static void prepare() {
    if (LINUX) {
      try {
        MethodHandle _ = Native.SYSCALL;
      } catch (Throwable notLinked) {
        // native code is forbidden
      }
    }
  }

  /** Whether that could be done; a kernel before 5.3 cannot. */
  private static boolean sendByDescriptor(ProcessHandle child, int signal) throws Throwable {
    long fd = (long) Native.SYSCALL.invokeExact(PIDFD_OPEN, child.pid(), 0L, 0L, 0L);
    if (fd < 0) {
      return false;
    }
    try {
      if (child.isAlive()) {
        long _ = (long) Native.SYSCALL.invokeExact(PIDFD_SEND_SIGNAL, fd, (long) signal, 0L, 0L);
      }
      return true;
    } finally {
      int _ = (int) Native.CLOSE.invokeExact((int) fd);
    }
  }
}
