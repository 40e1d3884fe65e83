package dev.lariat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Several exceptions raised together. Models Python's {@code ExceptionGroup}, and its {@code
 * BaseExceptionGroup} too. The members are suppressed exceptions as well, so that a stack trace
 * shows them all.
 */
public class ExceptionGroup extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Throwable> exceptions;

  /**
   * Makes a group.
   *
   * @param message what they have in common
   * @param exceptions the members, at least one
   * @throws IllegalArgumentException if there is none
   */
  @SuppressWarnings("this-escape") // Throwable's own list takes the members, nobody else sees this
  public ExceptionGroup(String message, List<? extends Throwable> exceptions) {
    super(
        message
            + " ("
            + exceptions.size()
            + " sub-exception"
            + (exceptions.size() == 1 ? ")" : "s)"));
    if (exceptions.isEmpty()) {
      throw new IllegalArgumentException("an exception group needs at least one exception");
    }
    this.exceptions = List.copyOf(exceptions);
    exceptions.forEach(this::addSuppressed);
  }

  /** {@return the members, in the order they were raised} */
  public List<Throwable> exceptions() {
    return exceptions;
  }

  /**
   * The part of this group, nested groups included, whose members match. Models {@code
   * ExceptionGroup.subgroup}.
   *
   * @param condition tells whether a member, not a nested group, belongs to the part
   * @return a group of the matching members, in the same nesting; empty if none matches
   */
  public Optional<ExceptionGroup> subgroup(Predicate<? super Throwable> condition) {
    return Optional.ofNullable(split(condition).matching());
  }

  /**
   * The members of a type, as {@link #subgroup(Predicate)}.
   *
   * @param type the type
   * @return a group of the members of that type
   */
  public Optional<ExceptionGroup> subgroup(Class<? extends Throwable> type) {
    return subgroup(type::isInstance);
  }

  /**
   * Splits this group in two, asking about each member once. Models {@code ExceptionGroup.split}.
   *
   * @param condition tells whether a member, not a nested group, belongs to the first part
   * @return the matching part and the rest
   */
  public Split split(Predicate<? super Throwable> condition) {
    List<Throwable> matching = new ArrayList<>();
    List<Throwable> rest = new ArrayList<>();
    for (Throwable member : exceptions) {
      if (member instanceof ExceptionGroup nested) {
        Split split = nested.split(condition);
        addIfPresent(matching, split.matching());
        addIfPresent(rest, split.rest());
      } else {
        (condition.test(member) ? matching : rest).add(member);
      }
    }
    return new Split(part(matching), part(rest));
  }

  private static void addIfPresent(List<Throwable> members, @Nullable ExceptionGroup part) {
    if (part != null) {
      members.add(part);
    }
  }

  private @Nullable ExceptionGroup part(List<Throwable> members) {
    if (members.isEmpty()) {
      return null;
    }
    if (members.equals(exceptions)) {
      return this;
    }
    String message = String.valueOf(getMessage()).replaceFirst(" \\(\\d+ sub-exceptions?\\)$", "");
    ExceptionGroup part = new ExceptionGroup(message, members);
    part.setStackTrace(getStackTrace());
    if (getCause() != null) {
      part.initCause(getCause());
    }
    return part;
  }

  /**
   * The two parts of a group.
   *
   * @param matching the members that match, or null if none does
   * @param rest the members that do not, or null if all do
   */
  public record Split(@Nullable ExceptionGroup matching, @Nullable ExceptionGroup rest) {}
}
