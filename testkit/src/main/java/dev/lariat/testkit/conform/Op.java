package dev.lariat.testkit.conform;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One op of a program: its name and its arguments. */
record Op(List<?> words) {
  String name() {
    return (String) words.get(0);
  }

  @Nullable Object arg(int index) {
    if (index >= words.size()) {
      throw new Python.Raised("TypeError", name() + " is missing an argument");
    }
    return words.get(index);
  }

  /** An argument that may be left out. */
  @Nullable Object optional(int index) {
    return index < words.size() ? words.get(index) : null;
  }

  String text(int index) {
    return Python.str(arg(index));
  }

  List<?> list(int index) {
    return arg(index) instanceof List<?> list ? list : List.of();
  }

  int number(int index) {
    return Python.number(arg(index)).intValue();
  }

  boolean flag(int index) {
    return truth(arg(index));
  }

  static boolean truth(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> !Python.isNumber(value) || Python.number(value).signum() != 0;
    };
  }

  Duration ticks(int index) {
    return duration(arg(index));
  }

  @Nullable Duration ticksOrNull(int index) {
    Object ticks = arg(index);
    return ticks == null ? null : duration(ticks);
  }

  private static Duration duration(@Nullable Object ticks) {
    BigDecimal nanos = Python.number(ticks).movePointRight(9);
    BigDecimal limit = BigDecimal.valueOf(Long.MAX_VALUE);
    return Duration.ofNanos(nanos.min(limit).max(limit.negate()).longValue());
  }
}
