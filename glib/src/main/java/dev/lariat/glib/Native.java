package dev.lariat.glib;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * The functions of GLib that the host needs, on which every binding of GLib for Java agrees. A
 * pointer is a long here: none is ever followed.
 */
@SuppressWarnings("restricted") // that is what it is for
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup GLIB = open();

  private static final MethodHandle CONTEXT_DEFAULT = pointer("g_main_context_default");
  private static final MethodHandle CONTEXT_NEW = pointer("g_main_context_new");
  private static final MethodHandle CONTEXT_REF = pointer("g_main_context_ref", JAVA_LONG);
  private static final MethodHandle CONTEXT_UNREF = call("g_main_context_unref", JAVA_LONG);
  private static final MethodHandle CONTEXT_ACQUIRE = number("g_main_context_acquire", JAVA_LONG);
  private static final MethodHandle CONTEXT_RELEASE = call("g_main_context_release", JAVA_LONG);
  private static final MethodHandle THREAD_DEFAULT = pointer("g_main_context_get_thread_default");
  private static final MethodHandle PUSH = call("g_main_context_push_thread_default", JAVA_LONG);
  private static final MethodHandle POP = call("g_main_context_pop_thread_default", JAVA_LONG);

  private static final MethodHandle LOOP_NEW = pointer("g_main_loop_new", JAVA_LONG, JAVA_INT);
  private static final MethodHandle LOOP_RUN = call("g_main_loop_run", JAVA_LONG);
  private static final MethodHandle LOOP_QUIT = call("g_main_loop_quit", JAVA_LONG);
  private static final MethodHandle LOOP_UNREF = call("g_main_loop_unref", JAVA_LONG);

  private static final MethodHandle SOURCE_NEW = pointer("g_source_new", JAVA_LONG, JAVA_INT);
  private static final MethodHandle SOURCE_SET_CALLBACK =
      call("g_source_set_callback", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SOURCE_SET_PRIORITY =
      call("g_source_set_priority", JAVA_LONG, JAVA_INT);
  private static final MethodHandle SOURCE_SET_CAN_RECURSE =
      call("g_source_set_can_recurse", JAVA_LONG, JAVA_INT);
  private static final MethodHandle SOURCE_SET_READY_TIME =
      call("g_source_set_ready_time", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SOURCE_ATTACH = number("g_source_attach", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SOURCE_DESTROY = call("g_source_destroy", JAVA_LONG);
  private static final MethodHandle SOURCE_UNREF = call("g_source_unref", JAVA_LONG);

  private static final MethodHandle MONOTONIC_TIME =
      LINKER.downcallHandle(
          GLIB.findOrThrow("g_get_monotonic_time"),
          FunctionDescriptor.of(JAVA_LONG),
          Linker.Option.critical(false));

  /** What GLib has on Unix only. */
  private static final class Unix {
    static final MethodHandle SIGNAL_SOURCE_NEW = pointer("g_unix_signal_source_new", JAVA_INT);
    static final MethodHandle SOURCE_ADD_FD =
        pointer("g_source_add_unix_fd", JAVA_LONG, JAVA_INT, JAVA_INT);
    static final MethodHandle SOURCE_REMOVE_FD =
        call("g_source_remove_unix_fd", JAVA_LONG, JAVA_LONG);
  }

  private Native() {}

  private static SymbolLookup open() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String name =
        system.contains("mac")
            ? "libglib-2.0.0.dylib"
            : system.contains("win") ? "libglib-2.0-0.dll" : "libglib-2.0.so.0";
    try {
      return SymbolLookup.libraryLookup(name, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "GLib is not here: there is no library "
              + name
              + ". Install it (Debian 12 and Ubuntu 22.04: libglib2.0-0, later: libglib2.0-0t64;"
              + " Fedora: glib2; Homebrew: glib), or put its directory where the system's loader"
              + " looks.",
          e);
    }
  }

  private static MethodHandle pointer(String name, MemoryLayout... parameters) {
    return handle(name, FunctionDescriptor.of(JAVA_LONG, parameters));
  }

  private static MethodHandle number(String name, MemoryLayout... parameters) {
    return handle(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static MethodHandle call(String name, MemoryLayout... parameters) {
    return handle(name, FunctionDescriptor.ofVoid(parameters));
  }

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(GLIB.findOrThrow(name), type);
  }

  /** Downcalls throw nothing of their own; what comes is an error of the JVM. */
  private static Error unexpected(Throwable error) {
    return error instanceof Error fatal ? fatal : new AssertionError(error);
  }

  // -- main contexts -----------------------------------------------------------------------------

  static long contextDefault() {
    try {
      return (long) CONTEXT_DEFAULT.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long contextNew() {
    try {
      return (long) CONTEXT_NEW.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void contextRef(long context) {
    try {
      long _ = (long) CONTEXT_REF.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void contextUnref(long context) {
    try {
      CONTEXT_UNREF.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Whether this thread has the context, or it is free. */
  static boolean contextIsMine(long context) {
    try {
      boolean acquired = (int) CONTEXT_ACQUIRE.invokeExact(context) != 0;
      if (acquired) {
        CONTEXT_RELEASE.invokeExact(context);
      }
      return acquired;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The context that operations of this thread come back to; 0 is the default one. */
  static long threadDefault() {
    try {
      return (long) THREAD_DEFAULT.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Makes the context that of this thread, unless it is. */
  static boolean pushThreadDefault(long context) {
    if (threadDefault() == context) {
      return false;
    }
    try {
      PUSH.invokeExact(context);
      return true;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void popThreadDefault(long context) {
    try {
      POP.invokeExact(context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  // -- main loops --------------------------------------------------------------------------------

  static long loopNew(long context) {
    try {
      return (long) LOOP_NEW.invokeExact(context, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void loopRun(long loop) {
    try {
      LOOP_RUN.invokeExact(loop);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void loopQuit(long loop) {
    try {
      LOOP_QUIT.invokeExact(loop);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void loopUnref(long loop) {
    try {
      LOOP_UNREF.invokeExact(loop);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  // -- sources -----------------------------------------------------------------------------------

  static long sourceNew(long functions, int size) {
    try {
      return (long) SOURCE_NEW.invokeExact(functions, size);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long signalSourceNew(int signal) {
    try {
      return (long) Unix.SIGNAL_SOURCE_NEW.invokeExact(signal);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceSetCallback(long source, long function, long data) {
    try {
      SOURCE_SET_CALLBACK.invokeExact(source, function, data, 0L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceSetPriority(long source, int priority) {
    try {
      SOURCE_SET_PRIORITY.invokeExact(source, priority);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceSetCanRecurse(long source) {
    try {
      SOURCE_SET_CAN_RECURSE.invokeExact(source, 1);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Any thread. */
  static void sourceSetReadyTime(long source, long microseconds) {
    try {
      SOURCE_SET_READY_TIME.invokeExact(source, microseconds);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long sourceAddUnixFd(long source, int descriptor, int events) {
    try {
      return (long) Unix.SOURCE_ADD_FD.invokeExact(source, descriptor, events);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceRemoveUnixFd(long source, long tag) {
    try {
      Unix.SOURCE_REMOVE_FD.invokeExact(source, tag);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceAttach(long source, long context) {
    try {
      int _ = (int) SOURCE_ATTACH.invokeExact(source, context);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void sourceDestroy(long source) {
    try {
      SOURCE_DESTROY.invokeExact(source);
      SOURCE_UNREF.invokeExact(source);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long monotonicTime() {
    try {
      return (long) MONOTONIC_TIME.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
