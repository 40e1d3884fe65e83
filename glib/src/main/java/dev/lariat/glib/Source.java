package dev.lariat.glib;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A GSource whose body is a {@link Runnable}. It also runs inside nested main loops.
 *
 * <p>All share one upcall stub for each of GLib's two kinds of callback; what the stub is given for
 * user data is the place in {@link #sources}. A place is free again once its source is destroyed,
 * after which GLib does not call it.
 */
@SuppressWarnings("restricted") // a few upcall stubs
final class Source {
  /** The time of a source that has nothing to do. */
  static final long NEVER = -1;

  /** A ready time that has passed. */
  static final long NOW = 0;

  private static final int POLL_IN_ERR_HUP = 1 | 8 | 16;

  /** {@code sizeof(GSource)}, the same on every 64-bit system. */
  private static final int SIZE = 96;

  private static final System.Logger LOG = System.getLogger("dev.lariat");

  /** A GSourceFunc: gets the place. */
  private static final long CALL = stub(call());

  /** A GSourceFuncs' dispatch: gets the source, the GSourceFunc, and the place. */
  private static final long DISPATCH =
      stub(MethodHandles.dropArguments(call(), 0, long.class, long.class));

  private static final long FUNCTIONS = functions();

  private static volatile @Nullable Source[] sources = new Source[16];

  private final Runnable body;
  private final long pointer;

  private Source(long pointer, int priority, long context, Runnable body) {
    this.pointer = pointer;
    this.body = body;
    Native.sourceSetCallback(pointer, CALL, place(this));
    Native.sourceSetPriority(pointer, priority);
    Native.sourceSetCanRecurse(pointer);
    Native.sourceAttach(pointer, context);
  }

  /** A source that runs whenever its ready time has passed; at first there is none. */
  static Source timed(long context, int priority, Runnable body) {
    return new Source(Native.sourceNew(FUNCTIONS, SIZE), priority, context, body);
  }

  /** A source that runs whenever the process has got a signal, one that GLib knows. */
  static Source signal(long context, int priority, int signal, Runnable body) {
    return new Source(Native.signalSourceNew(signal), priority, context, body);
  }

  /** Sets when to run, in GLib's microseconds. Any thread, until {@link #destroy}. */
  void setReadyTime(long microseconds) {
    Native.sourceSetReadyTime(pointer, microseconds);
  }

  void setPriority(int priority) {
    Native.sourceSetPriority(pointer, priority);
  }

  /** Has it run also whenever a descriptor can be read, or has failed. Returns what ends this. */
  long watch(int descriptor) {
    return Native.sourceAddUnixFd(pointer, descriptor, POLL_IN_ERR_HUP);
  }

  void endWatch(long tag) {
    Native.sourceRemoveUnixFd(pointer, tag);
  }

  void destroy() {
    Native.sourceDestroy(pointer);
    synchronized (Source.class) {
      sources[Arrays.asList(sources).indexOf(this)] = null;
    }
  }

  private static synchronized int place(Source source) {
    int free = Arrays.asList(sources).indexOf(null);
    if (free < 0) {
      free = sources.length;
      sources = Arrays.copyOf(sources, 2 * free);
    }
    sources[free] = source;
    return free;
  }

  // -- what GLib calls ---------------------------------------------------------------------------

  /** Lets no error out, for that would end the JVM. */
  @SuppressWarnings("UnusedMethod")
  private static int call(long place) {
    Source source = sources[(int) place];
    if (source != null) {
      try {
        source.body.run();
      } catch (Throwable error) {
        LOG.log(Level.ERROR, "Exception in a GLib source", error);
      }
    }
    return 1;
  }

  private static MethodHandle call() {
    try {
      return MethodHandles.lookup()
          .findStatic(Source.class, "call", MethodType.methodType(int.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("call", e);
    }
  }

  private static long stub(MethodHandle target) {
    MemoryLayout[] parameters = new MemoryLayout[target.type().parameterCount()];
    Arrays.fill(parameters, JAVA_LONG);
    FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, parameters);
    return Linker.nativeLinker().upcallStub(target, type, Arena.global()).address();
  }

  /**
   * GSourceFuncs with nothing but dispatch: what makes a source ready is its ready time or its
   * descriptor.
   */
  private static long functions() {
    MemorySegment functions = Arena.global().allocate(6 * ADDRESS.byteSize(), ADDRESS.byteSize());
    functions.set(JAVA_LONG, 2 * ADDRESS.byteSize(), DISPATCH);
    return functions.address();
  }
}
