package dev.lariat.internal.coroutine;

import dev.lariat.internal.Failures;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The current thread's {@link ScopedValue} bindings, which the JVM keeps per thread and so would
 * leak from one task into the next. Whoever suspends or starts a coroutine saves and restores them.
 */
public final class ScopedBindings {
  private static final VarHandle BINDINGS;
  private static final MethodHandle FIND;
  private static final MethodHandle RUN_WITH;

  /** What the JVM puts there for a thread without scoped values. */
  private static final Object NONE = Thread.class;

  static {
    try {
      MethodHandles.Lookup thread =
          MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
      MethodHandles.Lookup value =
          MethodHandles.privateLookupIn(ScopedValue.class, MethodHandles.lookup());
      BINDINGS =
          thread
              .findVarHandle(Thread.class, "scopedValueBindings", Object.class)
              .withInvokeExactBehavior();
      MethodHandle find = null;
      for (var method : ScopedValue.class.getDeclaredMethods()) {
        if (method.getName().equals("scopedValueBindings") && method.getParameterCount() == 0) {
          find = value.unreflect(method).asType(MethodType.methodType(Object.class));
        }
      }
      if (find == null) {
        throw new NoSuchMethodException("ScopedValue.scopedValueBindings()");
      }
      FIND = find;
      RUN_WITH =
          thread.findVirtual(
              Thread.class,
              "runWith",
              MethodType.methodType(void.class, Object.class, Runnable.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ScopedBindings() {}

  /** The bindings to hand to a child; never null, whatever state the thread is in. */
  public static Object capture() {
    Object bindings = get(Thread.currentThread());
    if (bindings != null) {
      return bindings;
    }
    try {
      return (Object)
          FIND.invokeExact(); // null means "look on the stack": resolve it while it is still there
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Runs {@code body} with {@code bindings}. Where there are values among them, it goes through the
   * frame that the JVM looks for when it has lost them, as it does on a StackOverflowError.
   */
  public static void run(@Nullable Object bindings, Runnable body) {
    Thread self = Thread.currentThread();
    set(self, bindings);
    if (bindings == null || bindings == NONE) {
      body.run();
      return;
    }
    try {
      RUN_WITH.invokeExact(self, bindings, body);
    } catch (Throwable e) {
      throw Failures.<RuntimeException>sneak(e);
    }
  }

  public static @Nullable Object get(Thread thread) {
    return (Object) BINDINGS.get(thread);
  }

  /** Sets the bindings of {@code thread}, which is the current one. */
  public static void set(Thread thread, @Nullable Object bindings) {
    BINDINGS.set(thread, bindings);
  }
}
