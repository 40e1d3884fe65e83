package dev.lariat.glib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** What the tests do with GLib and the system behind the host's back, as an application would. */
@SuppressWarnings("restricted")
final class Clib {
  /** More than any system's {@code struct sigaction}. */
  private static final long SIGACTION_SIZE = 512;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARIES =
      SymbolLookup.libraryLookup("libglib-2.0.so.0", Arena.global()).or(LINKER.defaultLookup());

  private Clib() {}

  private static Object call(String name, FunctionDescriptor type, Object... arguments) {
    MethodHandle handle = LINKER.downcallHandle(LIBRARIES.findOrThrow(name), type);
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** One iteration of a context: {@code g_main_context_iteration}. */
  static boolean iterate(MemorySegment context, boolean mayBlock) {
    return (int)
            call(
                "g_main_context_iteration",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                context,
                mayBlock ? 1 : 0)
        != 0;
  }

  /** Makes this thread the owner of a context. */
  static void acquire(long context) {
    call("g_main_context_acquire", FunctionDescriptor.of(JAVA_INT, JAVA_LONG), context);
  }

  static void release(long context) {
    call("g_main_context_release", FunctionDescriptor.ofVoid(JAVA_LONG), context);
  }

  /** The context that operations of this thread come back to; 0 is the default one. */
  static long threadDefault() {
    return (long) call("g_main_context_get_thread_default", FunctionDescriptor.of(JAVA_LONG));
  }

  /** A pipe: its read end, and its write end. */
  static int[] pipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      call("pipe", FunctionDescriptor.of(JAVA_INT, ADDRESS), ends);
      return ends.toArray(JAVA_INT);
    }
  }

  static long write(int descriptor, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, bytes);
      return (long)
          call(
              "write",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
              descriptor,
              buffer,
              (long) bytes.length);
    }
  }

  static long read(int descriptor, int atMost) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          call(
              "read",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG),
              descriptor,
              arena.allocate(atMost),
              (long) atMost);
    }
  }

  static void close(int descriptor) {
    call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), descriptor);
  }

  /** Sends this process a signal. */
  static void raise(int signal) {
    int self = (int) ProcessHandle.current().pid();
    call("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), self, signal);
  }

  /** The address of what the process does about a signal: its handler. */
  static long signalHandler(int signal) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(SIGACTION_SIZE, Long.BYTES);
      call(
          "sigaction",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
          signal,
          MemorySegment.NULL,
          action);
      return action.get(JAVA_LONG, 0);
    }
  }
}
