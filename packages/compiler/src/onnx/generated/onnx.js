/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["isinglass-onnx"] || ($protobuf.roots["isinglass-onnx"] = {});

export const isinglass = $root.isinglass = (() => {

    const isinglass = {};

    isinglass.onnx = (function() {

        const onnx = {};

        onnx.ModelProto = (function() {

            const ModelProto = function (properties) {
                this.opsetImport = [];
                this.metadataProps = [];
                this.functions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ModelProto.prototype.irVersion = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            ModelProto.prototype.producerName = "";
            ModelProto.prototype.producerVersion = "";
            ModelProto.prototype.domain = "";
            ModelProto.prototype.modelVersion = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            ModelProto.prototype.docString = "";
            ModelProto.prototype.graph = null;
            ModelProto.prototype.opsetImport = $util.emptyArray;
            ModelProto.prototype.metadataProps = $util.emptyArray;
            ModelProto.prototype.functions = $util.emptyArray;

            ModelProto.create = function(properties) {
                return new ModelProto(properties);
            };

            ModelProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.irVersion != null && $Object.hasOwnProperty.call(message, "irVersion"))
                    writer.uint32(8).int64(message.irVersion);
                if (message.producerName != null && $Object.hasOwnProperty.call(message, "producerName"))
                    writer.uint32(18).string(message.producerName);
                if (message.producerVersion != null && $Object.hasOwnProperty.call(message, "producerVersion"))
                    writer.uint32(26).string(message.producerVersion);
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain"))
                    writer.uint32(34).string(message.domain);
                if (message.modelVersion != null && $Object.hasOwnProperty.call(message, "modelVersion"))
                    writer.uint32(40).int64(message.modelVersion);
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(50).string(message.docString);
                if (message.graph != null && $Object.hasOwnProperty.call(message, "graph"))
                    $root.isinglass.onnx.GraphProto.encode(message.graph, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.opsetImport != null && message.opsetImport.length)
                    for (let i = 0; i < message.opsetImport.length; ++i)
                        $root.isinglass.onnx.OperatorSetIdProto.encode(message.opsetImport[i], writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.metadataProps != null && message.metadataProps.length)
                    for (let i = 0; i < message.metadataProps.length; ++i)
                        $root.isinglass.onnx.StringStringEntryProto.encode(message.metadataProps[i], writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.functions != null && message.functions.length)
                    for (let i = 0; i < message.functions.length; ++i)
                        writer.uint32(202).bytes(message.functions[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ModelProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.ModelProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            message.irVersion = reader.int64();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.producerName = reader.string();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.producerVersion = reader.string();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.domain = reader.string();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.modelVersion = reader.int64();
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.graph = $root.isinglass.onnx.GraphProto.decode(reader, reader.size(), $undefined, _depth + 1, message.graph);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.opsetImport && message.opsetImport.length))
                                message.opsetImport = [];
                            message.opsetImport.push($root.isinglass.onnx.OperatorSetIdProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if (!(message.metadataProps && message.metadataProps.length))
                                message.metadataProps = [];
                            message.metadataProps.push($root.isinglass.onnx.StringStringEntryProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                break;
                            if (!(message.functions && message.functions.length))
                                message.functions = [];
                            message.functions.push(reader.bytes());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ModelProto;
        })();

        onnx.OperatorSetIdProto = (function() {

            const OperatorSetIdProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            OperatorSetIdProto.prototype.domain = "";
            OperatorSetIdProto.prototype.version = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            OperatorSetIdProto.create = function(properties) {
                return new OperatorSetIdProto(properties);
            };

            OperatorSetIdProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain"))
                    writer.uint32(10).string(message.domain);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    writer.uint32(16).int64(message.version);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            OperatorSetIdProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.OperatorSetIdProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.domain = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.version = reader.int64();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return OperatorSetIdProto;
        })();

        onnx.StringStringEntryProto = (function() {

            const StringStringEntryProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            StringStringEntryProto.prototype.key = "";
            StringStringEntryProto.prototype.value = "";

            StringStringEntryProto.create = function(properties) {
                return new StringStringEntryProto(properties);
            };

            StringStringEntryProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && $Object.hasOwnProperty.call(message, "key"))
                    writer.uint32(10).string(message.key);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value"))
                    writer.uint32(18).string(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            StringStringEntryProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.StringStringEntryProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.key = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.value = reader.string();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StringStringEntryProto;
        })();

        onnx.GraphProto = (function() {

            const GraphProto = function (properties) {
                this.node = [];
                this.initializer = [];
                this.input = [];
                this.output = [];
                this.valueInfo = [];
                this.sparseInitializer = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            GraphProto.prototype.node = $util.emptyArray;
            GraphProto.prototype.name = "";
            GraphProto.prototype.initializer = $util.emptyArray;
            GraphProto.prototype.docString = "";
            GraphProto.prototype.input = $util.emptyArray;
            GraphProto.prototype.output = $util.emptyArray;
            GraphProto.prototype.valueInfo = $util.emptyArray;
            GraphProto.prototype.sparseInitializer = $util.emptyArray;

            GraphProto.create = function(properties) {
                return new GraphProto(properties);
            };

            GraphProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.node != null && message.node.length)
                    for (let i = 0; i < message.node.length; ++i)
                        $root.isinglass.onnx.NodeProto.encode(message.node[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(18).string(message.name);
                if (message.initializer != null && message.initializer.length)
                    for (let i = 0; i < message.initializer.length; ++i)
                        $root.isinglass.onnx.TensorProto.encode(message.initializer[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(82).string(message.docString);
                if (message.input != null && message.input.length)
                    for (let i = 0; i < message.input.length; ++i)
                        $root.isinglass.onnx.ValueInfoProto.encode(message.input[i], writer.uint32(90).fork(), _depth + 1).ldelim();
                if (message.output != null && message.output.length)
                    for (let i = 0; i < message.output.length; ++i)
                        $root.isinglass.onnx.ValueInfoProto.encode(message.output[i], writer.uint32(98).fork(), _depth + 1).ldelim();
                if (message.valueInfo != null && message.valueInfo.length)
                    for (let i = 0; i < message.valueInfo.length; ++i)
                        $root.isinglass.onnx.ValueInfoProto.encode(message.valueInfo[i], writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.sparseInitializer != null && message.sparseInitializer.length)
                    for (let i = 0; i < message.sparseInitializer.length; ++i)
                        writer.uint32(122).bytes(message.sparseInitializer[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            GraphProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.GraphProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.node && message.node.length))
                                message.node = [];
                            message.node.push($root.isinglass.onnx.NodeProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.initializer && message.initializer.length))
                                message.initializer = [];
                            message.initializer.push($root.isinglass.onnx.TensorProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if (!(message.input && message.input.length))
                                message.input = [];
                            message.input.push($root.isinglass.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if (!(message.output && message.output.length))
                                message.output = [];
                            message.output.push($root.isinglass.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.valueInfo && message.valueInfo.length))
                                message.valueInfo = [];
                            message.valueInfo.push($root.isinglass.onnx.ValueInfoProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sparseInitializer && message.sparseInitializer.length))
                                message.sparseInitializer = [];
                            message.sparseInitializer.push(reader.bytes());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return GraphProto;
        })();

        onnx.NodeProto = (function() {

            const NodeProto = function (properties) {
                this.input = [];
                this.output = [];
                this.attribute = [];
                this.metadataProps = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            NodeProto.prototype.input = $util.emptyArray;
            NodeProto.prototype.output = $util.emptyArray;
            NodeProto.prototype.name = "";
            NodeProto.prototype.opType = "";
            NodeProto.prototype.attribute = $util.emptyArray;
            NodeProto.prototype.docString = "";
            NodeProto.prototype.domain = "";
            NodeProto.prototype.overload = "";
            NodeProto.prototype.metadataProps = $util.emptyArray;

            NodeProto.create = function(properties) {
                return new NodeProto(properties);
            };

            NodeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.input != null && message.input.length)
                    for (let i = 0; i < message.input.length; ++i)
                        writer.uint32(10).string(message.input[i]);
                if (message.output != null && message.output.length)
                    for (let i = 0; i < message.output.length; ++i)
                        writer.uint32(18).string(message.output[i]);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(26).string(message.name);
                if (message.opType != null && $Object.hasOwnProperty.call(message, "opType"))
                    writer.uint32(34).string(message.opType);
                if (message.attribute != null && message.attribute.length)
                    for (let i = 0; i < message.attribute.length; ++i)
                        $root.isinglass.onnx.AttributeProto.encode(message.attribute[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(50).string(message.docString);
                if (message.domain != null && $Object.hasOwnProperty.call(message, "domain"))
                    writer.uint32(58).string(message.domain);
                if (message.overload != null && $Object.hasOwnProperty.call(message, "overload"))
                    writer.uint32(66).string(message.overload);
                if (message.metadataProps != null && message.metadataProps.length)
                    for (let i = 0; i < message.metadataProps.length; ++i)
                        $root.isinglass.onnx.StringStringEntryProto.encode(message.metadataProps[i], writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            NodeProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.NodeProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.input && message.input.length))
                                message.input = [];
                            message.input.push(reader.string());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.output && message.output.length))
                                message.output = [];
                            message.output.push(reader.string());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.opType = reader.string();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.attribute && message.attribute.length))
                                message.attribute = [];
                            message.attribute.push($root.isinglass.onnx.AttributeProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.domain = reader.string();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.overload = reader.string();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.metadataProps && message.metadataProps.length))
                                message.metadataProps = [];
                            message.metadataProps.push($root.isinglass.onnx.StringStringEntryProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NodeProto;
        })();

        onnx.AttributeProto = (function() {

            const AttributeProto = function (properties) {
                this.floats = [];
                this.ints = [];
                this.strings = [];
                this.tensors = [];
                this.graphs = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AttributeProto.prototype.name = "";
            AttributeProto.prototype.f = 0;
            AttributeProto.prototype.i = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
            AttributeProto.prototype.s = $util.newBuffer([]);
            AttributeProto.prototype.t = null;
            AttributeProto.prototype.g = $util.newBuffer([]);
            AttributeProto.prototype.floats = $util.emptyArray;
            AttributeProto.prototype.ints = $util.emptyArray;
            AttributeProto.prototype.strings = $util.emptyArray;
            AttributeProto.prototype.tensors = $util.emptyArray;
            AttributeProto.prototype.graphs = $util.emptyArray;
            AttributeProto.prototype.docString = "";
            AttributeProto.prototype.type = 0;
            AttributeProto.prototype.refAttrName = "";
            AttributeProto.prototype.sparseTensor = $util.newBuffer([]);

            AttributeProto.create = function(properties) {
                return new AttributeProto(properties);
            };

            AttributeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(10).string(message.name);
                if (message.f != null && $Object.hasOwnProperty.call(message, "f"))
                    writer.uint32(21).float(message.f);
                if (message.i != null && $Object.hasOwnProperty.call(message, "i"))
                    writer.uint32(24).int64(message.i);
                if (message.s != null && $Object.hasOwnProperty.call(message, "s"))
                    writer.uint32(34).bytes(message.s);
                if (message.t != null && $Object.hasOwnProperty.call(message, "t"))
                    $root.isinglass.onnx.TensorProto.encode(message.t, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.g != null && $Object.hasOwnProperty.call(message, "g"))
                    writer.uint32(50).bytes(message.g);
                if (message.floats != null && message.floats.length)
                    for (let i = 0; i < message.floats.length; ++i)
                        writer.uint32(61).float(message.floats[i]);
                if (message.ints != null && message.ints.length)
                    for (let i = 0; i < message.ints.length; ++i)
                        writer.uint32(64).int64(message.ints[i]);
                if (message.strings != null && message.strings.length)
                    for (let i = 0; i < message.strings.length; ++i)
                        writer.uint32(74).bytes(message.strings[i]);
                if (message.tensors != null && message.tensors.length)
                    for (let i = 0; i < message.tensors.length; ++i)
                        $root.isinglass.onnx.TensorProto.encode(message.tensors[i], writer.uint32(82).fork(), _depth + 1).ldelim();
                if (message.graphs != null && message.graphs.length)
                    for (let i = 0; i < message.graphs.length; ++i)
                        writer.uint32(90).bytes(message.graphs[i]);
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(106).string(message.docString);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    writer.uint32(160).int32(message.type);
                if (message.refAttrName != null && $Object.hasOwnProperty.call(message, "refAttrName"))
                    writer.uint32(170).string(message.refAttrName);
                if (message.sparseTensor != null && $Object.hasOwnProperty.call(message, "sparseTensor"))
                    writer.uint32(178).bytes(message.sparseTensor);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AttributeProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.AttributeProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 5)
                                break;
                            message.f = reader.float();
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.i = reader.int64();
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.s = reader.bytes();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.t = $root.isinglass.onnx.TensorProto.decode(reader, reader.size(), $undefined, _depth + 1, message.t);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.g = reader.bytes();
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.floats && message.floats.length))
                                    message.floats = [];
                                reader.floats(message.floats);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.floats && message.floats.length))
                                message.floats = [];
                            message.floats.push(reader.float());
                            continue;
                        }
                    case 8: {
                            if (wireType === 2) {
                                if (!(message.ints && message.ints.length))
                                    message.ints = [];
                                reader.int64s(message.ints);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.ints && message.ints.length))
                                message.ints = [];
                            message.ints.push(reader.int64());
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.strings && message.strings.length))
                                message.strings = [];
                            message.strings.push(reader.bytes());
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tensors && message.tensors.length))
                                message.tensors = [];
                            message.tensors.push($root.isinglass.onnx.TensorProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if (!(message.graphs && message.graphs.length))
                                message.graphs = [];
                            message.graphs.push(reader.bytes());
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    case 20: {
                            if (wireType !== 0)
                                break;
                            message.type = reader.int32();
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            message.refAttrName = reader.string();
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            message.sparseTensor = reader.bytes();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AttributeProto;
        })();

        onnx.ValueInfoProto = (function() {

            const ValueInfoProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ValueInfoProto.prototype.name = "";
            ValueInfoProto.prototype.type = null;
            ValueInfoProto.prototype.docString = "";

            ValueInfoProto.create = function(properties) {
                return new ValueInfoProto(properties);
            };

            ValueInfoProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(10).string(message.name);
                if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                    $root.isinglass.onnx.TypeProto.encode(message.type, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(26).string(message.docString);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ValueInfoProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.ValueInfoProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.type = $root.isinglass.onnx.TypeProto.decode(reader, reader.size(), $undefined, _depth + 1, message.type);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ValueInfoProto;
        })();

        onnx.TypeProto = (function() {

            const TypeProto = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TypeProto.prototype.tensorType = null;
            TypeProto.prototype.sequenceType = $util.newBuffer([]);
            TypeProto.prototype.mapType = $util.newBuffer([]);
            TypeProto.prototype.sparseTensorType = $util.newBuffer([]);
            TypeProto.prototype.optionalType = $util.newBuffer([]);

            TypeProto.create = function(properties) {
                return new TypeProto(properties);
            };

            TypeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tensorType != null && $Object.hasOwnProperty.call(message, "tensorType"))
                    $root.isinglass.onnx.TypeProto.Tensor.encode(message.tensorType, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.sequenceType != null && $Object.hasOwnProperty.call(message, "sequenceType"))
                    writer.uint32(34).bytes(message.sequenceType);
                if (message.mapType != null && $Object.hasOwnProperty.call(message, "mapType"))
                    writer.uint32(42).bytes(message.mapType);
                if (message.sparseTensorType != null && $Object.hasOwnProperty.call(message, "sparseTensorType"))
                    writer.uint32(66).bytes(message.sparseTensorType);
                if (message.optionalType != null && $Object.hasOwnProperty.call(message, "optionalType"))
                    writer.uint32(74).bytes(message.optionalType);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TypeProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.TypeProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.tensorType = $root.isinglass.onnx.TypeProto.Tensor.decode(reader, reader.size(), $undefined, _depth + 1, message.tensorType);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.sequenceType = reader.bytes();
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.mapType = reader.bytes();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.sparseTensorType = reader.bytes();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.optionalType = reader.bytes();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TypeProto.Tensor = (function() {

                const Tensor = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Tensor.prototype.elemType = 0;
                Tensor.prototype.shape = null;

                Tensor.create = function(properties) {
                    return new Tensor(properties);
                };

                Tensor.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.elemType != null && $Object.hasOwnProperty.call(message, "elemType"))
                        writer.uint32(8).int32(message.elemType);
                    if (message.shape != null && $Object.hasOwnProperty.call(message, "shape"))
                        $root.isinglass.onnx.TensorShapeProto.encode(message.shape, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Tensor.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.isinglass.onnx.TypeProto.Tensor();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                message.elemType = reader.int32();
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.shape = $root.isinglass.onnx.TensorShapeProto.decode(reader, reader.size(), $undefined, _depth + 1, message.shape);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Tensor;
            })();

            return TypeProto;
        })();

        onnx.TensorShapeProto = (function() {

            const TensorShapeProto = function (properties) {
                this.dim = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TensorShapeProto.prototype.dim = $util.emptyArray;

            TensorShapeProto.create = function(properties) {
                return new TensorShapeProto(properties);
            };

            TensorShapeProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.dim != null && message.dim.length)
                    for (let i = 0; i < message.dim.length; ++i)
                        $root.isinglass.onnx.TensorShapeProto.Dimension.encode(message.dim[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TensorShapeProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.TensorShapeProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.dim && message.dim.length))
                                message.dim = [];
                            message.dim.push($root.isinglass.onnx.TensorShapeProto.Dimension.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TensorShapeProto.Dimension = (function() {

                const Dimension = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Dimension.prototype.dimValue = null;
                Dimension.prototype.dimParam = null;

                let $oneOfFields;

                $Object.defineProperty(Dimension.prototype, "value", {
                    get: $util.oneOfGetter($oneOfFields = ["dimValue", "dimParam"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                Dimension.create = function(properties) {
                    return new Dimension(properties);
                };

                Dimension.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.dimValue != null && $Object.hasOwnProperty.call(message, "dimValue"))
                        writer.uint32(8).int64(message.dimValue);
                    if (message.dimParam != null && $Object.hasOwnProperty.call(message, "dimParam"))
                        writer.uint32(18).string(message.dimParam);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Dimension.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.isinglass.onnx.TensorShapeProto.Dimension();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                message.dimValue = reader.int64();
                                message.value = "dimValue";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                message.dimParam = reader.string();
                                message.value = "dimParam";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Dimension;
            })();

            return TensorShapeProto;
        })();

        onnx.TensorProto = (function() {

            const TensorProto = function (properties) {
                this.dims = [];
                this.floatData = [];
                this.int32Data = [];
                this.stringData = [];
                this.int64Data = [];
                this.doubleData = [];
                this.uint64Data = [];
                this.externalData = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TensorProto.prototype.dims = $util.emptyArray;
            TensorProto.prototype.dataType = 0;
            TensorProto.prototype.floatData = $util.emptyArray;
            TensorProto.prototype.int32Data = $util.emptyArray;
            TensorProto.prototype.stringData = $util.emptyArray;
            TensorProto.prototype.int64Data = $util.emptyArray;
            TensorProto.prototype.name = "";
            TensorProto.prototype.rawData = $util.newBuffer([]);
            TensorProto.prototype.doubleData = $util.emptyArray;
            TensorProto.prototype.uint64Data = $util.emptyArray;
            TensorProto.prototype.docString = "";
            TensorProto.prototype.externalData = $util.emptyArray;
            TensorProto.prototype.dataLocation = 0;

            TensorProto.create = function(properties) {
                return new TensorProto(properties);
            };

            TensorProto.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.dims != null && message.dims.length)
                    for (let i = 0; i < message.dims.length; ++i)
                        writer.uint32(8).int64(message.dims[i]);
                if (message.dataType != null && $Object.hasOwnProperty.call(message, "dataType"))
                    writer.uint32(16).int32(message.dataType);
                if (message.floatData != null && message.floatData.length)
                    writer.uint32(34).floats(message.floatData);
                if (message.int32Data != null && message.int32Data.length)
                    writer.uint32(42).int32s(message.int32Data);
                if (message.stringData != null && message.stringData.length)
                    for (let i = 0; i < message.stringData.length; ++i)
                        writer.uint32(50).bytes(message.stringData[i]);
                if (message.int64Data != null && message.int64Data.length)
                    writer.uint32(58).int64s(message.int64Data);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    writer.uint32(66).string(message.name);
                if (message.rawData != null && $Object.hasOwnProperty.call(message, "rawData"))
                    writer.uint32(74).bytes(message.rawData);
                if (message.doubleData != null && message.doubleData.length)
                    writer.uint32(82).doubles(message.doubleData);
                if (message.uint64Data != null && message.uint64Data.length)
                    writer.uint32(90).uint64s(message.uint64Data);
                if (message.docString != null && $Object.hasOwnProperty.call(message, "docString"))
                    writer.uint32(98).string(message.docString);
                if (message.externalData != null && message.externalData.length)
                    for (let i = 0; i < message.externalData.length; ++i)
                        $root.isinglass.onnx.StringStringEntryProto.encode(message.externalData[i], writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.dataLocation != null && $Object.hasOwnProperty.call(message, "dataLocation"))
                    writer.uint32(112).int32(message.dataLocation);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TensorProto.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.isinglass.onnx.TensorProto();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.dims && message.dims.length))
                                    message.dims = [];
                                reader.int64s(message.dims);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.dims && message.dims.length))
                                message.dims = [];
                            message.dims.push(reader.int64());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.dataType = reader.int32();
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.floatData && message.floatData.length))
                                    message.floatData = [];
                                reader.floats(message.floatData);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.floatData && message.floatData.length))
                                message.floatData = [];
                            message.floatData.push(reader.float());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.int32Data && message.int32Data.length))
                                    message.int32Data = [];
                                reader.int32s(message.int32Data);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.int32Data && message.int32Data.length))
                                message.int32Data = [];
                            message.int32Data.push(reader.int32());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.stringData && message.stringData.length))
                                message.stringData = [];
                            message.stringData.push(reader.bytes());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.int64Data && message.int64Data.length))
                                    message.int64Data = [];
                                reader.int64s(message.int64Data);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.int64Data && message.int64Data.length))
                                message.int64Data = [];
                            message.int64Data.push(reader.int64());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.name = reader.string();
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.rawData = reader.bytes();
                            continue;
                        }
                    case 10: {
                            if (wireType === 2) {
                                if (!(message.doubleData && message.doubleData.length))
                                    message.doubleData = [];
                                reader.doubles(message.doubleData);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.doubleData && message.doubleData.length))
                                message.doubleData = [];
                            message.doubleData.push(reader.double());
                            continue;
                        }
                    case 11: {
                            if (wireType === 2) {
                                if (!(message.uint64Data && message.uint64Data.length))
                                    message.uint64Data = [];
                                reader.uint64s(message.uint64Data);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.uint64Data && message.uint64Data.length))
                                message.uint64Data = [];
                            message.uint64Data.push(reader.uint64());
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.docString = reader.string();
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.externalData && message.externalData.length))
                                message.externalData = [];
                            message.externalData.push($root.isinglass.onnx.StringStringEntryProto.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            message.dataLocation = reader.int32();
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TensorProto;
        })();

        return onnx;
    })();

    return isinglass;
})();

export {
  $root as default
};
