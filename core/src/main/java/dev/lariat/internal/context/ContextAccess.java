package dev.lariat.internal.context;

import dev.lariat.context.Context;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kernel's way between a {@link Context}, which users see, and its {@link ContextCell}. */
public final class ContextAccess {
  private static @Nullable Function<ContextCell, Context> wrap;
  private static @Nullable Function<Context, ContextCell> unwrap;

  static {
    try {
      // Context installs its two functions when it is initialised.
      Class.forName("dev.lariat.context.Context", true, ContextAccess.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ContextAccess() {}

  public static void install(
      Function<ContextCell, Context> wrapper, Function<Context, ContextCell> unwrapper) {
    wrap = wrapper;
    unwrap = unwrapper;
  }

  public static Context context(ContextCell cell) {
    return java.util.Objects.requireNonNull(wrap).apply(cell);
  }

  public static ContextCell cell(Context context) {
    return java.util.Objects.requireNonNull(unwrap).apply(context);
  }
}
