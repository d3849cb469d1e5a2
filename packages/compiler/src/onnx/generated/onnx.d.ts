import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace isinglass. */
export namespace isinglass {

    /** Namespace onnx. */
    namespace onnx {

        /**
         * Properties of a ModelProto.
         * @deprecated Use isinglass.onnx.ModelProto.$Properties instead.
         */
        interface IModelProto extends isinglass.onnx.ModelProto.$Properties {
        }

        /** Represents a ModelProto. */
        class ModelProto {

            /**
             * Constructs a new ModelProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.ModelProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ModelProto irVersion. */
            irVersion: Long;

            /** ModelProto producerName. */
            producerName: string;

            /** ModelProto producerVersion. */
            producerVersion: string;

            /** ModelProto domain. */
            domain: string;

            /** ModelProto modelVersion. */
            modelVersion: Long;

            /** ModelProto docString. */
            docString: string;

            /** ModelProto graph. */
            graph?: (isinglass.onnx.GraphProto.$Properties|null);

            /** ModelProto opsetImport. */
            opsetImport: isinglass.onnx.OperatorSetIdProto.$Properties[];

            /** ModelProto metadataProps. */
            metadataProps: isinglass.onnx.StringStringEntryProto.$Properties[];

            /** ModelProto functions. */
            functions: Uint8Array[];

            /**
             * Creates a new ModelProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ModelProto instance
             */
            static create(properties: isinglass.onnx.ModelProto.$Shape): isinglass.onnx.ModelProto & isinglass.onnx.ModelProto.$Shape;
            static create(properties?: isinglass.onnx.ModelProto.$Properties): isinglass.onnx.ModelProto;

            /**
             * Encodes the specified ModelProto message. Does not implicitly {@link isinglass.onnx.ModelProto.verify|verify} messages.
             * @param message ModelProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.ModelProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ModelProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.ModelProto & isinglass.onnx.ModelProto.$Shape} ModelProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.ModelProto & isinglass.onnx.ModelProto.$Shape;
        }

        namespace ModelProto {

            /** Properties of a ModelProto. */
            interface $Properties {

                /** ModelProto irVersion */
                irVersion?: (Long|null);

                /** ModelProto producerName */
                producerName?: (string|null);

                /** ModelProto producerVersion */
                producerVersion?: (string|null);

                /** ModelProto domain */
                domain?: (string|null);

                /** ModelProto modelVersion */
                modelVersion?: (Long|null);

                /** ModelProto docString */
                docString?: (string|null);

                /** ModelProto graph */
                graph?: (isinglass.onnx.GraphProto.$Properties|null);

                /** ModelProto opsetImport */
                opsetImport?: (isinglass.onnx.OperatorSetIdProto.$Properties[]|null);

                /** ModelProto metadataProps */
                metadataProps?: (isinglass.onnx.StringStringEntryProto.$Properties[]|null);

                /** ModelProto functions */
                functions?: (Uint8Array[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ModelProto. */
            type $Shape = {
              irVersion?: Long|null;
              producerName?: string|null;
              producerVersion?: string|null;
              domain?: string|null;
              modelVersion?: Long|null;
              docString?: string|null;
              graph?: isinglass.onnx.GraphProto.$Shape|null;
              opsetImport?: isinglass.onnx.OperatorSetIdProto.$Shape[]|null;
              metadataProps?: isinglass.onnx.StringStringEntryProto.$Shape[]|null;
              functions?: Uint8Array[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of an OperatorSetIdProto.
         * @deprecated Use isinglass.onnx.OperatorSetIdProto.$Properties instead.
         */
        interface IOperatorSetIdProto extends isinglass.onnx.OperatorSetIdProto.$Properties {
        }

        /** Represents an OperatorSetIdProto. */
        class OperatorSetIdProto {

            /**
             * Constructs a new OperatorSetIdProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.OperatorSetIdProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OperatorSetIdProto domain. */
            domain: string;

            /** OperatorSetIdProto version. */
            version: Long;

            /**
             * Creates a new OperatorSetIdProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns OperatorSetIdProto instance
             */
            static create(properties: isinglass.onnx.OperatorSetIdProto.$Shape): isinglass.onnx.OperatorSetIdProto & isinglass.onnx.OperatorSetIdProto.$Shape;
            static create(properties?: isinglass.onnx.OperatorSetIdProto.$Properties): isinglass.onnx.OperatorSetIdProto;

            /**
             * Encodes the specified OperatorSetIdProto message. Does not implicitly {@link isinglass.onnx.OperatorSetIdProto.verify|verify} messages.
             * @param message OperatorSetIdProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.OperatorSetIdProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OperatorSetIdProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.OperatorSetIdProto & isinglass.onnx.OperatorSetIdProto.$Shape} OperatorSetIdProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.OperatorSetIdProto & isinglass.onnx.OperatorSetIdProto.$Shape;
        }

        namespace OperatorSetIdProto {

            /** Properties of an OperatorSetIdProto. */
            interface $Properties {

                /** OperatorSetIdProto domain */
                domain?: (string|null);

                /** OperatorSetIdProto version */
                version?: (Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OperatorSetIdProto. */
            type $Shape = isinglass.onnx.OperatorSetIdProto.$Properties;
        }

        /**
         * Properties of a StringStringEntryProto.
         * @deprecated Use isinglass.onnx.StringStringEntryProto.$Properties instead.
         */
        interface IStringStringEntryProto extends isinglass.onnx.StringStringEntryProto.$Properties {
        }

        /** Represents a StringStringEntryProto. */
        class StringStringEntryProto {

            /**
             * Constructs a new StringStringEntryProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.StringStringEntryProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StringStringEntryProto key. */
            key: string;

            /** StringStringEntryProto value. */
            value: string;

            /**
             * Creates a new StringStringEntryProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns StringStringEntryProto instance
             */
            static create(properties: isinglass.onnx.StringStringEntryProto.$Shape): isinglass.onnx.StringStringEntryProto & isinglass.onnx.StringStringEntryProto.$Shape;
            static create(properties?: isinglass.onnx.StringStringEntryProto.$Properties): isinglass.onnx.StringStringEntryProto;

            /**
             * Encodes the specified StringStringEntryProto message. Does not implicitly {@link isinglass.onnx.StringStringEntryProto.verify|verify} messages.
             * @param message StringStringEntryProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.StringStringEntryProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StringStringEntryProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.StringStringEntryProto & isinglass.onnx.StringStringEntryProto.$Shape} StringStringEntryProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.StringStringEntryProto & isinglass.onnx.StringStringEntryProto.$Shape;
        }

        namespace StringStringEntryProto {

            /** Properties of a StringStringEntryProto. */
            interface $Properties {

                /** StringStringEntryProto key */
                key?: (string|null);

                /** StringStringEntryProto value */
                value?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StringStringEntryProto. */
            type $Shape = isinglass.onnx.StringStringEntryProto.$Properties;
        }

        /**
         * Properties of a GraphProto.
         * @deprecated Use isinglass.onnx.GraphProto.$Properties instead.
         */
        interface IGraphProto extends isinglass.onnx.GraphProto.$Properties {
        }

        /** Represents a GraphProto. */
        class GraphProto {

            /**
             * Constructs a new GraphProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.GraphProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GraphProto node. */
            node: isinglass.onnx.NodeProto.$Properties[];

            /** GraphProto name. */
            name: string;

            /** GraphProto initializer. */
            initializer: isinglass.onnx.TensorProto.$Properties[];

            /** GraphProto docString. */
            docString: string;

            /** GraphProto input. */
            input: isinglass.onnx.ValueInfoProto.$Properties[];

            /** GraphProto output. */
            output: isinglass.onnx.ValueInfoProto.$Properties[];

            /** GraphProto valueInfo. */
            valueInfo: isinglass.onnx.ValueInfoProto.$Properties[];

            /** GraphProto sparseInitializer. */
            sparseInitializer: Uint8Array[];

            /**
             * Creates a new GraphProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GraphProto instance
             */
            static create(properties: isinglass.onnx.GraphProto.$Shape): isinglass.onnx.GraphProto & isinglass.onnx.GraphProto.$Shape;
            static create(properties?: isinglass.onnx.GraphProto.$Properties): isinglass.onnx.GraphProto;

            /**
             * Encodes the specified GraphProto message. Does not implicitly {@link isinglass.onnx.GraphProto.verify|verify} messages.
             * @param message GraphProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.GraphProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GraphProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.GraphProto & isinglass.onnx.GraphProto.$Shape} GraphProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.GraphProto & isinglass.onnx.GraphProto.$Shape;
        }

        namespace GraphProto {

            /** Properties of a GraphProto. */
            interface $Properties {

                /** GraphProto node */
                node?: (isinglass.onnx.NodeProto.$Properties[]|null);

                /** GraphProto name */
                name?: (string|null);

                /** GraphProto initializer */
                initializer?: (isinglass.onnx.TensorProto.$Properties[]|null);

                /** GraphProto docString */
                docString?: (string|null);

                /** GraphProto input */
                input?: (isinglass.onnx.ValueInfoProto.$Properties[]|null);

                /** GraphProto output */
                output?: (isinglass.onnx.ValueInfoProto.$Properties[]|null);

                /** GraphProto valueInfo */
                valueInfo?: (isinglass.onnx.ValueInfoProto.$Properties[]|null);

                /** GraphProto sparseInitializer */
                sparseInitializer?: (Uint8Array[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GraphProto. */
            type $Shape = {
              node?: isinglass.onnx.NodeProto.$Shape[]|null;
              name?: string|null;
              initializer?: isinglass.onnx.TensorProto.$Shape[]|null;
              docString?: string|null;
              input?: isinglass.onnx.ValueInfoProto.$Shape[]|null;
              output?: isinglass.onnx.ValueInfoProto.$Shape[]|null;
              valueInfo?: isinglass.onnx.ValueInfoProto.$Shape[]|null;
              sparseInitializer?: Uint8Array[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a NodeProto.
         * @deprecated Use isinglass.onnx.NodeProto.$Properties instead.
         */
        interface INodeProto extends isinglass.onnx.NodeProto.$Properties {
        }

        /** Represents a NodeProto. */
        class NodeProto {

            /**
             * Constructs a new NodeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.NodeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** NodeProto input. */
            input: string[];

            /** NodeProto output. */
            output: string[];

            /** NodeProto name. */
            name: string;

            /** NodeProto opType. */
            opType: string;

            /** NodeProto attribute. */
            attribute: isinglass.onnx.AttributeProto.$Properties[];

            /** NodeProto docString. */
            docString: string;

            /** NodeProto domain. */
            domain: string;

            /** NodeProto overload. */
            overload: string;

            /** NodeProto metadataProps. */
            metadataProps: isinglass.onnx.StringStringEntryProto.$Properties[];

            /**
             * Creates a new NodeProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns NodeProto instance
             */
            static create(properties: isinglass.onnx.NodeProto.$Shape): isinglass.onnx.NodeProto & isinglass.onnx.NodeProto.$Shape;
            static create(properties?: isinglass.onnx.NodeProto.$Properties): isinglass.onnx.NodeProto;

            /**
             * Encodes the specified NodeProto message. Does not implicitly {@link isinglass.onnx.NodeProto.verify|verify} messages.
             * @param message NodeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.NodeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a NodeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.NodeProto & isinglass.onnx.NodeProto.$Shape} NodeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.NodeProto & isinglass.onnx.NodeProto.$Shape;
        }

        namespace NodeProto {

            /** Properties of a NodeProto. */
            interface $Properties {

                /** NodeProto input */
                input?: (string[]|null);

                /** NodeProto output */
                output?: (string[]|null);

                /** NodeProto name */
                name?: (string|null);

                /** NodeProto opType */
                opType?: (string|null);

                /** NodeProto attribute */
                attribute?: (isinglass.onnx.AttributeProto.$Properties[]|null);

                /** NodeProto docString */
                docString?: (string|null);

                /** NodeProto domain */
                domain?: (string|null);

                /** NodeProto overload */
                overload?: (string|null);

                /** NodeProto metadataProps */
                metadataProps?: (isinglass.onnx.StringStringEntryProto.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a NodeProto. */
            type $Shape = isinglass.onnx.NodeProto.$Properties;
        }

        /**
         * Properties of an AttributeProto.
         * @deprecated Use isinglass.onnx.AttributeProto.$Properties instead.
         */
        interface IAttributeProto extends isinglass.onnx.AttributeProto.$Properties {
        }

        /** Represents an AttributeProto. */
        class AttributeProto {

            /**
             * Constructs a new AttributeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.AttributeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AttributeProto name. */
            name: string;

            /** AttributeProto f. */
            f: number;

            /** AttributeProto i. */
            i: Long;

            /** AttributeProto s. */
            s: Uint8Array;

            /** AttributeProto t. */
            t?: (isinglass.onnx.TensorProto.$Properties|null);

            /** AttributeProto g. */
            g: Uint8Array;

            /** AttributeProto floats. */
            floats: number[];

            /** AttributeProto ints. */
            ints: Long[];

            /** AttributeProto strings. */
            strings: Uint8Array[];

            /** AttributeProto tensors. */
            tensors: isinglass.onnx.TensorProto.$Properties[];

            /** AttributeProto graphs. */
            graphs: Uint8Array[];

            /** AttributeProto docString. */
            docString: string;

            /** AttributeProto type. */
            type: number;

            /** AttributeProto refAttrName. */
            refAttrName: string;

            /** AttributeProto sparseTensor. */
            sparseTensor: Uint8Array;

            /**
             * Creates a new AttributeProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AttributeProto instance
             */
            static create(properties: isinglass.onnx.AttributeProto.$Shape): isinglass.onnx.AttributeProto & isinglass.onnx.AttributeProto.$Shape;
            static create(properties?: isinglass.onnx.AttributeProto.$Properties): isinglass.onnx.AttributeProto;

            /**
             * Encodes the specified AttributeProto message. Does not implicitly {@link isinglass.onnx.AttributeProto.verify|verify} messages.
             * @param message AttributeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.AttributeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AttributeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.AttributeProto & isinglass.onnx.AttributeProto.$Shape} AttributeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.AttributeProto & isinglass.onnx.AttributeProto.$Shape;
        }

        namespace AttributeProto {

            /** Properties of an AttributeProto. */
            interface $Properties {

                /** AttributeProto name */
                name?: (string|null);

                /** AttributeProto f */
                f?: (number|null);

                /** AttributeProto i */
                i?: (Long|null);

                /** AttributeProto s */
                s?: (Uint8Array|null);

                /** AttributeProto t */
                t?: (isinglass.onnx.TensorProto.$Properties|null);

                /** AttributeProto g */
                g?: (Uint8Array|null);

                /** AttributeProto floats */
                floats?: (number[]|null);

                /** AttributeProto ints */
                ints?: (Long[]|null);

                /** AttributeProto strings */
                strings?: (Uint8Array[]|null);

                /** AttributeProto tensors */
                tensors?: (isinglass.onnx.TensorProto.$Properties[]|null);

                /** AttributeProto graphs */
                graphs?: (Uint8Array[]|null);

                /** AttributeProto docString */
                docString?: (string|null);

                /** AttributeProto type */
                type?: (number|null);

                /** AttributeProto refAttrName */
                refAttrName?: (string|null);

                /** AttributeProto sparseTensor */
                sparseTensor?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AttributeProto. */
            type $Shape = isinglass.onnx.AttributeProto.$Properties;
        }

        /**
         * Properties of a ValueInfoProto.
         * @deprecated Use isinglass.onnx.ValueInfoProto.$Properties instead.
         */
        interface IValueInfoProto extends isinglass.onnx.ValueInfoProto.$Properties {
        }

        /** Represents a ValueInfoProto. */
        class ValueInfoProto {

            /**
             * Constructs a new ValueInfoProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.ValueInfoProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ValueInfoProto name. */
            name: string;

            /** ValueInfoProto type. */
            type?: (isinglass.onnx.TypeProto.$Properties|null);

            /** ValueInfoProto docString. */
            docString: string;

            /**
             * Creates a new ValueInfoProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ValueInfoProto instance
             */
            static create(properties: isinglass.onnx.ValueInfoProto.$Shape): isinglass.onnx.ValueInfoProto & isinglass.onnx.ValueInfoProto.$Shape;
            static create(properties?: isinglass.onnx.ValueInfoProto.$Properties): isinglass.onnx.ValueInfoProto;

            /**
             * Encodes the specified ValueInfoProto message. Does not implicitly {@link isinglass.onnx.ValueInfoProto.verify|verify} messages.
             * @param message ValueInfoProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.ValueInfoProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ValueInfoProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.ValueInfoProto & isinglass.onnx.ValueInfoProto.$Shape} ValueInfoProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.ValueInfoProto & isinglass.onnx.ValueInfoProto.$Shape;
        }

        namespace ValueInfoProto {

            /** Properties of a ValueInfoProto. */
            interface $Properties {

                /** ValueInfoProto name */
                name?: (string|null);

                /** ValueInfoProto type */
                type?: (isinglass.onnx.TypeProto.$Properties|null);

                /** ValueInfoProto docString */
                docString?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ValueInfoProto. */
            type $Shape = {
              name?: string|null;
              type?: isinglass.onnx.TypeProto.$Shape|null;
              docString?: string|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a TypeProto.
         * @deprecated Use isinglass.onnx.TypeProto.$Properties instead.
         */
        interface ITypeProto extends isinglass.onnx.TypeProto.$Properties {
        }

        /** Represents a TypeProto. */
        class TypeProto {

            /**
             * Constructs a new TypeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.TypeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TypeProto tensorType. */
            tensorType?: (isinglass.onnx.TypeProto.Tensor.$Properties|null);

            /** TypeProto sequenceType. */
            sequenceType: Uint8Array;

            /** TypeProto mapType. */
            mapType: Uint8Array;

            /** TypeProto sparseTensorType. */
            sparseTensorType: Uint8Array;

            /** TypeProto optionalType. */
            optionalType: Uint8Array;

            /**
             * Creates a new TypeProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TypeProto instance
             */
            static create(properties: isinglass.onnx.TypeProto.$Shape): isinglass.onnx.TypeProto & isinglass.onnx.TypeProto.$Shape;
            static create(properties?: isinglass.onnx.TypeProto.$Properties): isinglass.onnx.TypeProto;

            /**
             * Encodes the specified TypeProto message. Does not implicitly {@link isinglass.onnx.TypeProto.verify|verify} messages.
             * @param message TypeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.TypeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TypeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.TypeProto & isinglass.onnx.TypeProto.$Shape} TypeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.TypeProto & isinglass.onnx.TypeProto.$Shape;
        }

        namespace TypeProto {

            /** Properties of a TypeProto. */
            interface $Properties {

                /** TypeProto tensorType */
                tensorType?: (isinglass.onnx.TypeProto.Tensor.$Properties|null);

                /** TypeProto sequenceType */
                sequenceType?: (Uint8Array|null);

                /** TypeProto mapType */
                mapType?: (Uint8Array|null);

                /** TypeProto sparseTensorType */
                sparseTensorType?: (Uint8Array|null);

                /** TypeProto optionalType */
                optionalType?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TypeProto. */
            type $Shape = {
              tensorType?: isinglass.onnx.TypeProto.Tensor.$Shape|null;
              sequenceType?: Uint8Array|null;
              mapType?: Uint8Array|null;
              sparseTensorType?: Uint8Array|null;
              optionalType?: Uint8Array|null;
              $unknowns?: Uint8Array[];
            };

            /**
             * Properties of a Tensor.
             * @deprecated Use isinglass.onnx.TypeProto.Tensor.$Properties instead.
             */
            interface ITensor extends isinglass.onnx.TypeProto.Tensor.$Properties {
            }

            /** Represents a Tensor. */
            class Tensor {

                /**
                 * Constructs a new Tensor.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: isinglass.onnx.TypeProto.Tensor.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Tensor elemType. */
                elemType: number;

                /** Tensor shape. */
                shape?: (isinglass.onnx.TensorShapeProto.$Properties|null);

                /**
                 * Creates a new Tensor instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Tensor instance
                 */
                static create(properties: isinglass.onnx.TypeProto.Tensor.$Shape): isinglass.onnx.TypeProto.Tensor & isinglass.onnx.TypeProto.Tensor.$Shape;
                static create(properties?: isinglass.onnx.TypeProto.Tensor.$Properties): isinglass.onnx.TypeProto.Tensor;

                /**
                 * Encodes the specified Tensor message. Does not implicitly {@link isinglass.onnx.TypeProto.Tensor.verify|verify} messages.
                 * @param message Tensor message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: isinglass.onnx.TypeProto.Tensor.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Tensor message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {isinglass.onnx.TypeProto.Tensor & isinglass.onnx.TypeProto.Tensor.$Shape} Tensor
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.TypeProto.Tensor & isinglass.onnx.TypeProto.Tensor.$Shape;
            }

            namespace Tensor {

                /** Properties of a Tensor. */
                interface $Properties {

                    /** Tensor elemType */
                    elemType?: (number|null);

                    /** Tensor shape */
                    shape?: (isinglass.onnx.TensorShapeProto.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Tensor. */
                type $Shape = {
                  elemType?: number|null;
                  shape?: isinglass.onnx.TensorShapeProto.$Shape|null;
                  $unknowns?: Uint8Array[];
                };
            }
        }

        /**
         * Properties of a TensorShapeProto.
         * @deprecated Use isinglass.onnx.TensorShapeProto.$Properties instead.
         */
        interface ITensorShapeProto extends isinglass.onnx.TensorShapeProto.$Properties {
        }

        /** Represents a TensorShapeProto. */
        class TensorShapeProto {

            /**
             * Constructs a new TensorShapeProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.TensorShapeProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TensorShapeProto dim. */
            dim: isinglass.onnx.TensorShapeProto.Dimension.$Properties[];

            /**
             * Creates a new TensorShapeProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TensorShapeProto instance
             */
            static create(properties: isinglass.onnx.TensorShapeProto.$Shape): isinglass.onnx.TensorShapeProto & isinglass.onnx.TensorShapeProto.$Shape;
            static create(properties?: isinglass.onnx.TensorShapeProto.$Properties): isinglass.onnx.TensorShapeProto;

            /**
             * Encodes the specified TensorShapeProto message. Does not implicitly {@link isinglass.onnx.TensorShapeProto.verify|verify} messages.
             * @param message TensorShapeProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.TensorShapeProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TensorShapeProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.TensorShapeProto & isinglass.onnx.TensorShapeProto.$Shape} TensorShapeProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.TensorShapeProto & isinglass.onnx.TensorShapeProto.$Shape;
        }

        namespace TensorShapeProto {

            /** Properties of a TensorShapeProto. */
            interface $Properties {

                /** TensorShapeProto dim */
                dim?: (isinglass.onnx.TensorShapeProto.Dimension.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TensorShapeProto. */
            type $Shape = {
              dim?: isinglass.onnx.TensorShapeProto.Dimension.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };

            /**
             * Properties of a Dimension.
             * @deprecated Use isinglass.onnx.TensorShapeProto.Dimension.$Properties instead.
             */
            interface IDimension extends isinglass.onnx.TensorShapeProto.Dimension.$Properties {
            }

            /** Represents a Dimension. */
            class Dimension {

                /**
                 * Constructs a new Dimension.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: isinglass.onnx.TensorShapeProto.Dimension.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Dimension dimValue. */
                dimValue?: (Long|null);

                /** Dimension dimParam. */
                dimParam?: (string|null);

                /** Dimension value. */
                value?: ("dimValue"|"dimParam");

                /**
                 * Creates a new Dimension instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Dimension instance
                 */
                static create(properties: isinglass.onnx.TensorShapeProto.Dimension.$Shape): isinglass.onnx.TensorShapeProto.Dimension & isinglass.onnx.TensorShapeProto.Dimension.$Shape;
                static create(properties?: isinglass.onnx.TensorShapeProto.Dimension.$Properties): isinglass.onnx.TensorShapeProto.Dimension;

                /**
                 * Encodes the specified Dimension message. Does not implicitly {@link isinglass.onnx.TensorShapeProto.Dimension.verify|verify} messages.
                 * @param message Dimension message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: isinglass.onnx.TensorShapeProto.Dimension.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Dimension message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {isinglass.onnx.TensorShapeProto.Dimension & isinglass.onnx.TensorShapeProto.Dimension.$Shape} Dimension
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.TensorShapeProto.Dimension & isinglass.onnx.TensorShapeProto.Dimension.$Shape;
            }

            namespace Dimension {

                /** Properties of a Dimension. */
                interface $Properties {

                    /** Dimension dimValue */
                    dimValue?: (Long|null);

                    /** Dimension dimParam */
                    dimParam?: (string|null);

                    /** Dimension value */
                    value?: ("dimValue"|"dimParam");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Dimension. */
                type $Shape = {
                  dimValue?: Long|null;
                  dimParam?: string|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ value?: undefined; dimValue?: null; dimParam?: null }|{ value?: "dimValue"; dimValue: Long; dimParam?: null }|{ value?: "dimParam"; dimValue?: null; dimParam: string })
                );
            }
        }

        /**
         * Properties of a TensorProto.
         * @deprecated Use isinglass.onnx.TensorProto.$Properties instead.
         */
        interface ITensorProto extends isinglass.onnx.TensorProto.$Properties {
        }

        /** Represents a TensorProto. */
        class TensorProto {

            /**
             * Constructs a new TensorProto.
             * @param [properties] Properties to set
             */
            constructor(properties?: isinglass.onnx.TensorProto.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TensorProto dims. */
            dims: Long[];

            /** TensorProto dataType. */
            dataType: number;

            /** TensorProto floatData. */
            floatData: number[];

            /** TensorProto int32Data. */
            int32Data: number[];

            /** TensorProto stringData. */
            stringData: Uint8Array[];

            /** TensorProto int64Data. */
            int64Data: Long[];

            /** TensorProto name. */
            name: string;

            /** TensorProto rawData. */
            rawData: Uint8Array;

            /** TensorProto doubleData. */
            doubleData: number[];

            /** TensorProto uint64Data. */
            uint64Data: Long[];

            /** TensorProto docString. */
            docString: string;

            /** TensorProto externalData. */
            externalData: isinglass.onnx.StringStringEntryProto.$Properties[];

            /** TensorProto dataLocation. */
            dataLocation: number;

            /**
             * Creates a new TensorProto instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TensorProto instance
             */
            static create(properties: isinglass.onnx.TensorProto.$Shape): isinglass.onnx.TensorProto & isinglass.onnx.TensorProto.$Shape;
            static create(properties?: isinglass.onnx.TensorProto.$Properties): isinglass.onnx.TensorProto;

            /**
             * Encodes the specified TensorProto message. Does not implicitly {@link isinglass.onnx.TensorProto.verify|verify} messages.
             * @param message TensorProto message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: isinglass.onnx.TensorProto.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TensorProto message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {isinglass.onnx.TensorProto & isinglass.onnx.TensorProto.$Shape} TensorProto
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): isinglass.onnx.TensorProto & isinglass.onnx.TensorProto.$Shape;
        }

        namespace TensorProto {

            /** Properties of a TensorProto. */
            interface $Properties {

                /** TensorProto dims */
                dims?: (Long[]|null);

                /** TensorProto dataType */
                dataType?: (number|null);

                /** TensorProto floatData */
                floatData?: (number[]|null);

                /** TensorProto int32Data */
                int32Data?: (number[]|null);

                /** TensorProto stringData */
                stringData?: (Uint8Array[]|null);

                /** TensorProto int64Data */
                int64Data?: (Long[]|null);

                /** TensorProto name */
                name?: (string|null);

                /** TensorProto rawData */
                rawData?: (Uint8Array|null);

                /** TensorProto doubleData */
                doubleData?: (number[]|null);

                /** TensorProto uint64Data */
                uint64Data?: (Long[]|null);

                /** TensorProto docString */
                docString?: (string|null);

                /** TensorProto externalData */
                externalData?: (isinglass.onnx.StringStringEntryProto.$Properties[]|null);

                /** TensorProto dataLocation */
                dataLocation?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TensorProto. */
            type $Shape = isinglass.onnx.TensorProto.$Properties;
        }
    }
}
