package dev.lariat.internal;

import org.jspecify.annotations.Nullable;

/** The one place where a value is said to be of a type that the compiler cannot see. */
public final class Unchecked {
  private Unchecked() {}

  /** {@code value}, which was stored as a {@code T}, null included if {@code T} includes it. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  public static <T extends @Nullable Object> T cast(@Nullable Object value) {
    return (T) value;
  }
}
