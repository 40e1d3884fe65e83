package dev.lariat.testkit.conform;

import dev.lariat.BrokenBarrierException;
import dev.lariat.CancelledError;
import dev.lariat.ExceptionGroup;
import dev.lariat.InvalidStateException;
import dev.lariat.QueueEmptyException;
import dev.lariat.QueueFullException;
import dev.lariat.QueueShutDownException;
import dev.lariat.TimeoutException;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Python calls our exceptions, and how it compares and prints values. */
final class Python {
  private Python() {}

  /** The only exception that a program raises by itself. */
  static final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String text) {
      super(text);
    }
  }

  /**
   * An error that Python raises, under Python's name, where Java's differs or the program is wrong.
   */
  static final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String name;

    Raised(String name, @Nullable String message) {
      super(message);
      this.name = name;
    }
  }

  /** The name of the class of {@code error} in Python. */
  static String className(Throwable error) {
    return switch (error) {
      case Raised raised -> raised.name;
      case UserError _ -> "UserError";
      case CancelledError _ -> "CancelledError";
      case ExceptionGroup _ -> "ExceptionGroup";
      case TimeoutException _ -> "TimeoutError";
      case InvalidStateException _ -> "InvalidStateError";
      case BrokenBarrierException _ -> "BrokenBarrierError";
      case QueueEmptyException _ -> "QueueEmpty";
      case QueueFullException _ -> "QueueFull";
      case QueueShutDownException _ -> "QueueShutDown";
      case IllegalStateException _ -> "RuntimeError";
      case IllegalArgumentException _ -> "ValueError";
      case StackOverflowError _ -> "RecursionError";
      default -> error.getClass().getSimpleName();
    };
  }

  /** The canonical text of an exception in a trace. */
  static String describe(Throwable error) {
    return switch (error) {
      case ExceptionGroup group ->
          group.exceptions().stream()
              .map(Python::describe)
              .collect(Collectors.joining(", ", "Group[", "]"));
      case CancelledError cancelled ->
          cancelled.getMessage() == null ? "Cancelled" : "Cancelled:" + cancelled.getMessage();
      case UserError user -> "UserError:" + user.getMessage();
      default -> className(error);
    };
  }

  /** Whether a handler for {@code kind} takes {@code error}. */
  static boolean caughtBy(String kind, Throwable error) {
    return switch (kind) {
      case "Cancelled" -> error instanceof CancelledError;
      case "Error" -> error instanceof Exception;
      case "Group" -> error instanceof ExceptionGroup;
      default -> className(error).equals(kind) || describe(error).equals(kind);
    };
  }

  /** {@code str(value)}. */
  static String str(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean b -> b ? "True" : "False";
      case Double d -> repr(d);
      default -> value.toString();
    };
  }

  /**
   * {@code repr} of a float: Python switches to an exponent at 1e16 and at 1e-4, and pads it to two
   * digits.
   */
  static String repr(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    double magnitude = Math.abs(value);
    if (magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16)) {
      String plain = new BigDecimal(Double.toString(value)).toPlainString();
      String text = plain.contains(".") ? plain : plain + ".0";
      return value == 0 && 1 / value < 0 ? "-0.0" : text;
    }
    String[] parts = Double.toString(value).split("E");
    String mantissa =
        parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
    int exponent = Integer.parseInt(parts[1]);
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + "%02d".formatted(Math.abs(exponent));
  }

  /** An item of a queue: any JSON value, null too, ordered as Python orders it. */
  record Item(@Nullable Object value) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      return compare(value, other.value);
    }
  }

  private static int compare(@Nullable Object left, @Nullable Object right) {
    if (isNumber(left) && isNumber(right)) {
      return number(left).compareTo(number(right));
    }
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        int order = java.util.Objects.equals(a.get(i), b.get(i)) ? 0 : compare(a.get(i), b.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(a.size(), b.size());
    }
    throw new Raised("TypeError", "these values have no order");
  }

  static boolean isNumber(@Nullable Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  /** A number, or a boolean, which is one in Python. */
  static BigDecimal number(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString());
    }
    throw new Raised("TypeError", "not a number: " + value);
  }
}
