package dev.lariat.gio.generator;

import java.util.List;

/**
 * A public method of java-gi.
 *
 * @param owner the class, as the class file has it: {@code org/gnome/gio/File}
 * @param name the name
 * @param isStatic whether it needs no receiver
 * @param deprecated whether it is deprecated
 * @param typeParameters as declared, without the brackets; mostly none
 * @param parameters the parameters
 * @param result the type it returns
 * @param throwsError whether it throws a GErrorException
 */
record Method(
    String owner,
    String name,
    boolean isStatic,
    boolean deprecated,
    String typeParameters,
    List<Parameter> parameters,
    Type result,
    boolean throwsError) {

  static final String CALLBACK = "org.gnome.gio.AsyncReadyCallback";
  static final String RESULT = "org.gnome.gio.AsyncResult";
  static final String CANCELLABLE = "org.gnome.gio.Cancellable";
  static final String OUT = "org.javagi.base.Out";

  /**
   * A parameter.
   *
   * @param name its name
   * @param type its type
   */
  record Parameter(String name, Type type) {}

  boolean takes(String type) {
    return parameters.stream().anyMatch(parameter -> parameter.type().is(type));
  }

  /** {@code File.queryInfoAsync} */
  String shortName() {
    return simpleOwner() + "." + name;
  }

  String ownerName() {
    return owner.replace('/', '.').replace('$', '.');
  }

  String simpleOwner() {
    return owner.substring(owner.lastIndexOf('/') + 1);
  }

  String packageName() {
    return owner.substring(0, owner.lastIndexOf('/')).replace('/', '.');
  }
}
