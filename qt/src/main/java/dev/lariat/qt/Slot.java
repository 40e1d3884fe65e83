package dev.lariat.qt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Something that Qt can call: a QtPrivate::QSlotObjectBase, made by hand, as C++'s templates make
 * one for each lambda that is connected to a signal.
 *
 * <p>It is two words, a count of references and a function. The count begins with the one of this
 * object, given up by {@link #close}; whoever is given the slot is given another one with it, by
 * {@link #retain}. When none is left Qt has the function free the memory: so that may be long after
 * the close, at the end of a call that is under way, say.
 */
@SuppressWarnings("restricted") // this is the binding
final class Slot implements AutoCloseable {
  private static final int DESTROY = 0;
  private static final int CALL = 1;

  private static final StructLayout LAYOUT =
      MemoryLayout.structLayout(
          JAVA_INT.withName("references"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("function"));
  private static final long FUNCTION = LAYOUT.byteOffset(PathElement.groupElement("function"));
  private static final VarHandle REFERENCES =
      LAYOUT.varHandle(PathElement.groupElement("references"));

  private static final MemorySegment STUB = stub();
  private static final Map<Long, Slot> OPEN = new ConcurrentHashMap<>();

  private final MemorySegment memory;
  private final Runnable action;
  private final Consumer<Throwable> uncaught;

  /**
   * Makes a slot.
   *
   * @param action what to do when it is called
   * @param uncaught told what {@code action} threw, which must not get into Qt
   */
  Slot(Runnable action, Consumer<Throwable> uncaught) {
    this.action = action;
    this.uncaught = uncaught;
    long address = QtCore.allocate(LAYOUT.byteSize());
    memory = MemorySegment.ofAddress(address).reinterpret(LAYOUT.byteSize());
    REFERENCES.set(memory, 0L, 1);
    memory.set(ADDRESS, FUNCTION, STUB);
    OPEN.put(address, this);
  }

  /** {@return the address, with a reference for whom it is given to} Any thread. */
  long retain() {
    int _ = (int) REFERENCES.getAndAdd(memory, 0L, 1);
    return memory.address();
  }

  /** From now on a call does nothing. */
  @Override
  public void close() {
    long address = memory.address();
    OPEN.remove(address);
    if ((int) REFERENCES.getAndAdd(memory, 0L, -1) == 1) {
      QtCore.free(address);
    }
  }

  private void report(Throwable error) {
    try {
      uncaught.accept(error);
    } catch (Throwable inHandler) {
      inHandler.addSuppressed(error);
      inHandler.printStackTrace();
    }
  }

  /** {@return how many there are that have not been closed} */
  static int open() {
    return OPEN.size();
  }

  private static MemorySegment stub() {
    try {
      return Linker.nativeLinker()
          .upcallStub(
              MethodHandles.lookup()
                  .findStatic(
                      Slot.class,
                      "called",
                      MethodType.methodType(
                          void.class, int.class, long.class, long.class, long.class, long.class)),
              FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What Qt calls. An exception would end the JVM. */
  @SuppressWarnings("unused") // by its name
  private static void called(int what, long self, long receiver, long arguments, long result) {
    if (what == CALL) {
      Slot slot = OPEN.get(self);
      if (slot != null) {
        try {
          slot.action.run();
        } catch (Throwable error) {
          slot.report(error);
        }
      }
    } else if (what == DESTROY) {
      QtCore.free(self);
    }
  }
}
