package dev.lariat.gio.generator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The source of one class: the operations of a class of java-gi, each in two forms. */
final class SourceFile {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "org.gnome.gio", "dev.lariat.gio",
          "org.gnome.gdk", "dev.lariat.gio.gtk",
          "org.gnome.gtk", "dev.lariat.gio.gtk",
          "org.gnome.adw", "dev.lariat.gio.adw",
          "org.gnome.gdkpixbuf", "dev.lariat.gio.gdkpixbuf",
          "org.gnome.secret", "dev.lariat.gio.secret");

  /** Those whose data java-gi would free before the operation ends: what begins them instead. */
  private static final Map<String, String> OWN_DATA =
      Map.of(
          "OutputStream.writeAsync", "Buffers.write",
          "OutputStream.writeAllAsync", "Buffers.writeAll",
          "OutputStream.writevAsync", "Buffers.writev",
          "OutputStream.writevAllAsync", "Buffers.writevAll",
          "InputStream.readAsync", "Buffers.read",
          "InputStream.readAllAsync", "Buffers.readAll",
          "File.replaceContentsAsync", "Buffers.replaceContents",
          "File.replaceContentsBytesAsync", "Buffers.replaceContents");

  private static final String OPERATION = "dev.lariat.gio.internal.Operation";
  private static final String BUFFERS = "dev.lariat.gio.internal.Buffers";

  private final Method first;
  private final String name;
  private final Map<String, String> imports = new TreeMap<>();
  private final Set<String> signatures = new HashSet<>();
  private final Map<String, String> records = new TreeMap<>();
  private final List<String> methods = new ArrayList<>();

  SourceFile(Method first) {
    this.first = first;
    name = first.simpleOwner().replace('$', '_') + "Await";
    imports.put(name, packageName() + "." + name);
  }

  private String packageName() {
    String packageName = PACKAGES.get(first.packageName());
    if (packageName == null) {
      throw new IllegalStateException("Name a package for " + first.packageName());
    }
    return packageName;
  }

  String path() {
    return packageName().replace('.', '/') + "/" + name + ".java";
  }

  void add(Pairs.Pair pair) {
    addMethod(pair, false);
    if (pair.begin().takes(Method.CANCELLABLE)) {
      addMethod(pair, true);
    }
  }

  /** The simple name, if it is free, and an import; else the whole name. */
  private String imported(String className) {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    boolean inJavaLang =
        !className.startsWith("java.lang.") && isInJavaLang(simple); // would hide that one
    if (inJavaLang || !imports.computeIfAbsent(simple, _ -> className).equals(className)) {
      return className;
    }
    return simple;
  }

  private static boolean isInJavaLang(String simple) {
    try {
      Class.forName("java.lang." + simple);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private String text(Type type) {
    return type.text(this::imported);
  }

  // -- methods -----------------------------------------------------------------------------------

  private void addMethod(Pairs.Pair pair, boolean withCancellable) {
    Method begin = pair.begin();
    String ownName = ownName(begin);
    List<Method.Parameter> own = new ArrayList<>();
    for (Method.Parameter parameter : begin.parameters()) {
      boolean given =
          parameter.type().is(Method.CALLBACK)
              || (parameter.type().is(Method.CANCELLABLE) && !withCancellable);
      if (!given) {
        own.add(parameter);
      }
    }
    pair.finish().parameters().stream()
        .filter(p -> !p.type().is(Method.RESULT) && !p.type().is(Method.OUT))
        .filter(p -> own.stream().noneMatch(other -> other.name().equals(p.name())))
        .forEach(own::add);
    String signature =
        ownName + own.stream().map(p -> p.type().erased()).toList() + begin.isStatic();
    if (!signatures.add(signature)) {
      return; // an overload that differs in nothing but whose cancellable it is
    }
    Outcome outcome = new Outcome(pair);
    StringBuilder source = new StringBuilder();
    source.append(javadoc(pair, own, outcome));
    if (begin.deprecated()) {
      source.append("  @Deprecated\n");
    }
    source.append("  public static ");
    if (!begin.typeParameters().isEmpty()) {
      source.append("<").append(begin.typeParameters()).append("> ");
    }
    source.append(outcome.declared).append(" ").append(ownName).append("(");
    List<String> declared = new ArrayList<>();
    if (!begin.isStatic()) {
      declared.add(imported(begin.ownerName()) + " self");
    }
    own.forEach(p -> declared.add(text(p.type()) + " " + p.name()));
    source.append(String.join(", ", declared)).append(")");
    if (pair.finish().throwsError()) {
      source.append(" throws ").append(imported("org.javagi.base.GErrorException"));
    }
    source.append(" {\n    ");
    if (!outcome.declared.equals("void")) {
      source.append("return ");
    }
    source
        .append(imported(OPERATION))
        .append(pair.finish().throwsError() ? ".await(" : ".awaitQuietly(")
        .append(withCancellable ? cancellableOf(begin) : "null")
        .append(",\n        (cancellable_, callback_) -> ")
        .append(call(begin))
        .append(",\n        result_ -> ")
        .append(outcome.finish)
        .append(");\n  }\n");
    methods.add(source.toString());
  }

  private static String ownName(Method begin) {
    return switch (begin.name()) {
      case "new_" -> "create";
      default -> begin.name().replaceFirst("Async$", "");
    };
  }

  private static String cancellableOf(Method begin) {
    return begin.parameters().stream()
        .filter(parameter -> parameter.type().is(Method.CANCELLABLE))
        .map(Method.Parameter::name)
        .findFirst()
        .orElseThrow();
  }

  private String call(Method begin) {
    String arguments =
        begin.parameters().stream()
            .map(parameter ->
                switch (parameter.type().name()) {
                  case Method.CANCELLABLE -> "cancellable_";
                  case Method.CALLBACK -> "callback_";
                  default -> parameter.name();
                })
            .collect(Collectors.joining(", "));
    String instead = OWN_DATA.get(begin.shortName());
    if (instead != null) {
      imported(BUFFERS);
      return instead + "(self, " + arguments + ")";
    }
    return receiver(begin) + "." + begin.name() + "(" + arguments + ")";
  }

  private String receiver(Method method) {
    return method.isStatic() ? imported(method.ownerName()) : "self";
  }

  private String javadoc(Pairs.Pair pair, List<Method.Parameter> own, Outcome outcome) {
    Method begin = pair.begin();
    StringBuilder text = new StringBuilder();
    text.append("  /**\n   * Awaitable form of {@link ")
        .append(begin.ownerName())
        .append("#")
        .append(begin.name())
        .append("(")
        .append(
            begin.parameters().stream()
                .map(parameter -> parameter.type().erased())
                .collect(Collectors.joining(", ")))
        .append(") ")
        .append(begin.shortName())
        .append("}.\n   *\n")
        .append("   * <p><i>Suspends</i>: always. <i>Cancellable</i>: yes; the operation is")
        .append(" cancelled, and has ended.\n   *\n");
    if (!begin.typeParameters().isEmpty()) {
      for (String parameter : begin.typeParameters().split(", ")) {
        text.append("   * @param <").append(parameter.split(" ")[0]).append("> as there\n");
      }
    }
    if (!begin.isStatic()) {
      text.append("   * @param self whose operation it is\n");
    }
    for (Method.Parameter parameter : own) {
      text.append("   * @param ")
          .append(parameter.name())
          .append(
              parameter.type().is(Method.CANCELLABLE)
                  ? " what else cancels the operation; null for nothing else\n"
                  : " as there\n");
    }
    if (!outcome.declared.equals("void")) {
      text.append("   * @return ").append(outcome.description).append("\n");
    }
    if (pair.finish().throwsError()) {
      text.append("   * @throws org.javagi.base.GErrorException what the operation failed with\n");
    }
    if (begin.deprecated()) {
      text.append("   * @deprecated as the original is\n");
    }
    return text.append("   */\n").toString();
  }

  // -- outcomes ----------------------------------------------------------------------------------

  /** What an operation gives, and the expression that finishes it. */
  private final class Outcome {
    final String declared;
    final String finish;
    final String description;

    Outcome(Pairs.Pair pair) {
      Method method = pair.finish();
      List<String> arguments = new ArrayList<>();
      List<Method.Parameter> outs = new ArrayList<>();
      for (Method.Parameter parameter : method.parameters()) {
        if (parameter.type().is(Method.RESULT)) {
          arguments.add("result_");
        } else if (parameter.type().is(Method.OUT)) {
          arguments.add(parameter.name() + "_");
          outs.add(parameter);
        } else {
          arguments.add(parameter.name()); // one that the finish fills in, given by the caller
        }
      }
      String call =
          receiver(method) + "." + method.name() + "(" + String.join(", ", arguments) + ")";
      if (!outs.isEmpty()) {
        String record = recordName(method);
        declared = record;
        finish = finishWithRecord(method, record, outs, call);
        description = "what it came to";
      } else if (method.result().isVoid()) {
        declared = "void";
        finish = "{\n          " + call + ";\n          return null;\n        }";
        description = "";
      } else {
        declared = text(ordinary(method.result()));
        finish = isList(method.result()) ? copied(call) : call;
        description = "what " + method.name() + " returns";
      }
    }

    private boolean isList(Type type) {
      return type.is("org.gnome.glib.List");
    }

    /** A native list is given as one of Java's. */
    private Type ordinary(Type type) {
      return isList(type) ? type.named("java.util.List") : type;
    }

    private String copied(String list) {
      return imported(OPERATION) + ".copyOf(" + list + ")";
    }

    private String recordName(Method method) {
      String stem = method.name().replaceFirst("Finish$", "");
      return Character.toUpperCase(stem.charAt(0)) + stem.substring(1);
    }

    /**
     * A boolean beside out parameters only says that there was no error, and where errors are
     * thrown it says nothing.
     */
    private String finishWithRecord(
        Method method, String record, List<Method.Parameter> outs, String call) {
      boolean hasValue =
          !method.result().isVoid() && !(method.result().is("boolean") && method.throwsError());
      List<String> components = new ArrayList<>();
      List<String> values = new ArrayList<>();
      StringBuilder body = new StringBuilder("{\n");
      StringBuilder doc = new StringBuilder();
      for (Method.Parameter out : outs) {
        String type = out.type().arguments().getFirst().text(SourceFile.this::imported);
        body.append("          ")
            .append(imported(Method.OUT))
            .append("<")
            .append(type)
            .append("> ")
            .append(out.name())
            .append("_ = new ")
            .append(imported(Method.OUT))
            .append("<>();\n");
      }
      if (hasValue) {
        components.add(text(ordinary(method.result())) + " value");
        values.add("value_");
        doc.append("   * @param value what ").append(method.name()).append(" returns\n");
        body.append("          var value_ = ")
            .append(isList(method.result()) ? copied(call) : call)
            .append(";\n");
      } else {
        body.append("          ").append(call).append(";\n");
      }
      for (Method.Parameter out : outs) {
        String component = out.name().replaceFirst("Out$", "").replaceFirst("^out([A-Z])", "$1");
        component = Character.toLowerCase(component.charAt(0)) + component.substring(1);
        Type given = out.type().arguments().getFirst();
        components.add(text(ordinary(given).unboxed()) + " " + component);
        String value = out.name() + "_.get()";
        values.add(isList(given) ? copied(value) : value);
        doc.append("   * @param ").append(component).append(" as there\n");
      }
      body.append("          return new ")
          .append(record)
          .append("(")
          .append(String.join(", ", values))
          .append(");\n        }");
      records.put(
          record,
          "  /**\n   * What {@link "
              + method.ownerName()
              + "#"
              + method.name()
              + " "
              + method.shortName()
              + "} gives.\n   *\n"
              + doc
              + "   */\n  public record "
              + record
              + "("
              + String.join(", ", components)
              + ") {}\n");
      return body.toString();
    }
  }

  // -- the file ----------------------------------------------------------------------------------

  String text() {
    String body = String.join("\n", records.values()) + "\n" + String.join("\n", methods);
    StringBuilder file = new StringBuilder();
    file.append("// Written by lariat-gio-generator.\npackage ")
        .append(packageName())
        .append(";\n\n");
    imports.put("Nullable", "org.jspecify.annotations.Nullable");
    imports.values().stream()
        .filter(className -> !className.equals(packageName() + "." + name))
        .filter(className -> !className.matches("java\\.lang\\.[A-Z]\\w*"))
        .sorted()
        .forEach(className -> file.append("import ").append(className).append(";\n"));
    file.append("\n/**\n * The operations of {@link ")
        .append(first.ownerName())
        .append("}: each suspends the task that calls it until the operation has ended.\n */\n")
        .append("@SuppressWarnings({\"deprecation\", \"rawtypes\"})\n")
        .append("public final class ")
        .append(name)
        .append(" {\n  private ")
        .append(name)
        .append("() {}\n\n")
        .append(body)
        .append("}\n");
    return file.toString();
  }
}
