package org.atelier.worker.checkpoint.published;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import java.io.ObjectInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** That no file can run or write anything is a property of what the readers can call at all. */
class ReadersArchitectureTest {
    private static final String CHECKPOINT = "org.atelier.worker.checkpoint.";
    private static final String[] READERS = {CHECKPOINT + "io..", CHECKPOINT + "value..", CHECKPOINT + "pickle..",
            CHECKPOINT + "torch..", CHECKPOINT + "numpy..", CHECKPOINT + "safetensors..", CHECKPOINT + "published.."};

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.atelier.worker.checkpoint");

    @Test
    void nothingCanLookUpOrRunCode() {
        noClasses().that().resideInAnyPackage(READERS)
                .should().dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..", "javax.script..", "javax.tools..", "java.rmi..",
                        "java.net..")
                .orShould().dependOnClassesThat().areAssignableTo(ClassLoader.class)
                .orShould().dependOnClassesThat().areAssignableTo(ObjectInputStream.class)
                .orShould().dependOnClassesThat().areAssignableTo(ProcessBuilder.class)
                .orShould().dependOnClassesThat().areAssignableTo(Runtime.class)
                .orShould().callMethod(Class.class, "forName", String.class)
                .check(classes);
    }

    @Test
    void nothingCanBeWritten() {
        noClasses().that().resideInAnyPackage(READERS)
                .should().dependOnClassesThat().haveFullyQualifiedName("java.io.FileOutputStream")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.File")
                .orShould().dependOnClassesThat().haveFullyQualifiedName("java.io.RandomAccessFile")
                .orShould().dependOnClassesThat().areAssignableTo(Files.class)
                .orShould().callMethodWhere(JavaCall.Predicates.target(HasOwner.Predicates.With.owner(
                        JavaClass.Predicates.assignableTo(FileChannel.class)))
                        .and(JavaCall.Predicates.target(HasName.Predicates.nameMatching("write|truncate|transfer.*"))))
                .check(classes);
    }

    @Test
    void packagesBuildOnEachOtherInOneDirection() {
        layeredArchitecture().consideringOnlyDependenciesInAnyPackage(READERS[0], READERS[1], READERS[2], READERS[3],
                READERS[4], READERS[5], READERS[6])
                .layer("io").definedBy(READERS[0])
                .layer("value").definedBy(READERS[1])
                .layer("pickle").definedBy(READERS[2])
                .layer("torch").definedBy(READERS[3])
                .layer("numpy").definedBy(READERS[4])
                .layer("safetensors").definedBy(READERS[5])
                .layer("published").definedBy(READERS[6])
                .whereLayer("published").mayNotBeAccessedByAnyLayer()
                .whereLayer("safetensors").mayOnlyBeAccessedByLayers("published")
                .whereLayer("numpy").mayOnlyBeAccessedByLayers("published")
                .whereLayer("torch").mayOnlyBeAccessedByLayers("numpy", "published")
                .whereLayer("pickle").mayOnlyBeAccessedByLayers("torch", "numpy", "published")
                .whereLayer("value").mayOnlyBeAccessedByLayers("pickle", "torch", "numpy", "safetensors", "published")
                .check(classes);
    }

    @Test
    void noTensorEngineIsNeeded() {
        noClasses().that().resideInAnyPackage(READERS).should().dependOnClassesThat().resideInAPackage("ai.djl..")
                .check(classes);
    }
}
