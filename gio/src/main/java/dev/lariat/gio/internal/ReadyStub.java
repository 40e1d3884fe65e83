package dev.lariat.gio.internal;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import org.gnome.gio.AsyncResult;
import org.jspecify.annotations.Nullable;

/**
 * A GAsyncReadyCallback that lives for ever. It is free again once it has been called, since GIO
 * calls each once; so there are as many as there ever were operations at a time.
 */
@SuppressWarnings("restricted") // an upcall stub
final class ReadyStub {
  private static final System.Logger LOG = System.getLogger("dev.lariat");
  private static final ArrayDeque<ReadyStub> FREE = new ArrayDeque<>();
  private static final MethodHandle CALLED;

  static {
    try {
      CALLED =
          MethodHandles.lookup()
              .findVirtual(
                  ReadyStub.class,
                  "called",
                  MethodType.methodType(
                      void.class, MemorySegment.class, MemorySegment.class, MemorySegment.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The function. */
  final MemorySegment pointer =
      Linker.nativeLinker()
          .upcallStub(
              CALLED.bindTo(this),
              FunctionDescriptor.ofVoid(
                  ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
              Arena.global());

  private @Nullable Operation<?> operation;

  private ReadyStub() {}

  static ReadyStub take(Operation<?> operation) {
    ReadyStub stub;
    synchronized (FREE) {
      stub = FREE.poll();
    }
    if (stub == null) {
      stub = new ReadyStub();
    }
    stub.operation = operation;
    return stub;
  }

  /** GIO calls this. Lets no error out, for that would end the JVM. */
  @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
  private void called(MemorySegment source, MemorySegment result, MemorySegment data) {
    Operation<?> ended = operation;
    operation = null;
    synchronized (FREE) {
      FREE.push(this);
    }
    try {
      if (ended != null) {
        ended.end(new AsyncResult.AsyncResult$Impl(result));
      }
    } catch (Throwable error) {
      LOG.log(Level.ERROR, "Exception at the end of a GIO operation", error);
    }
  }
}
