package dev.lariat.gio.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which method begins an operation, and which finishes it. */
final class Pairs {
  /**
   * An operation.
   *
   * @param begin starts it, and takes the callback
   * @param finish gives its outcome
   */
  record Pair(Method begin, Method finish) {}

  /** The finish of a begin, where it is not what the name says. */
  private static final Map<String, String> ODD =
      Map.ofEntries(
          Map.entry("DBusConnection.new_", "finish"),
          Map.entry("DBusConnection.newForAddress", "forAddressFinish"),
          Map.entry("DBusObjectManagerClient.new_", "finish"),
          Map.entry("DBusObjectManagerClient.newForBus", "forBusFinish"),
          Map.entry("DBusProxy.new_", "finish"),
          Map.entry("DBusProxy.newForBus", "forBusFinish"),
          Map.entry("File.replaceContentsBytesAsync", "replaceContentsFinish"),
          Map.entry("Pixbuf.newFromStreamAsync", "fromStreamFinish"),
          Map.entry("Pixbuf.newFromStreamAtScaleAsync", "fromStreamFinish"),
          Map.entry("PixbufAnimation.newFromStreamAsync", "fromStreamFinish"),
          Map.entry("Pixbuf.saveToStreamvAsync", "saveToStreamFinish"),
          Map.entry("Collection.newForDbusPath", "forDbusPathFinish"),
          Map.entry("Item.newForDbusPath", "forDbusPathFinish"),
          Map.entry("Secret.passwordStoreBinary", "passwordStoreFinish"));

  /** What cannot be awaited, and why. */
  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "AsyncInitable.newAsync",
          "its finish is a method of the object that newAsync itself made, which it does not give"
              + " away; make the object, and use AsyncInitableAwait.init",
          "AsyncInitable.newvAsync",
          "as AsyncInitable.newAsync",
          "FontDialog.chooseFontAndFeatures",
          "java-gi has no method that finishes it");

  /** Classes that implement operations, and do not begin any. */
  private static final List<String> IMPLEMENTATIONS = List.of("Task", "SimpleAsyncResult");

  final List<Pair> pairs = new ArrayList<>();

  /** What was left out, and why. */
  final Map<String, String> leftOut = new LinkedHashMap<>();

  void addAll(List<Method> ofClass) {
    for (Method begin : ofClass) {
      if (!begin.takes(Method.CALLBACK) || implementsOperations(begin)) {
        continue;
      }
      String reason = LEFT_OUT.get(begin.shortName());
      if (reason != null) {
        leftOut.put(begin.shortName(), reason);
      } else {
        pairs.add(new Pair(begin, finishOf(begin, ofClass)));
      }
    }
  }

  private static boolean implementsOperations(Method method) {
    return IMPLEMENTATIONS.contains(method.simpleOwner())
        || method.name().startsWith("simpleAsync")
        || method.name().equals("<init>")
        || method.ownerName().equals(Method.CALLBACK);
  }

  private static Method finishOf(Method begin, List<Method> ofClass) {
    String stem = begin.name().replaceFirst("Async$", "");
    String odd = ODD.get(begin.shortName());
    for (String name :
        odd != null ? List.of(odd) : List.of(stem + "Finish", begin.name() + "Finish")) {
      for (Method method : ofClass) {
        if (method.name().equals(name) && method.takes(Method.RESULT)) {
          return method;
        }
      }
    }
    throw new IllegalStateException(
        "No method finishes "
            + begin.shortName()
            + ": name the one that does in Pairs.ODD, or say in Pairs.LEFT_OUT why there is none");
  }

  /** How many operations there are, overloads counted once. */
  long operations() {
    return pairs.stream()
        .map(pair -> pair.begin().owner() + pair.begin().name())
        .distinct()
        .count();
  }
}
